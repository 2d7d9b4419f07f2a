import { readAfter } from '../../domain/reading.js';
import { copyOf } from './copy-of.js';
import { HttpError } from './http-error.js';

const refuse = (field: string, why: string) => new HttpError('invalid-query', why, { field });

const decode = (text: string): string => {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuse(text, 'The query has a malformed escape.');
  }
};

const parse = (querystring: string): ReadonlyMap<string, string> => {
  const given = new Map<string, string>();
  for (const part of querystring.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (given.has(name)) throw refuse(name, `“${name}” is given twice.`);
    given.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return given;
};

/* A room's members ask the same thing until something is said. What nobody asks who means well is not kept. */
const KEPT = 20_000;
const LONGEST_KEPT = 200;
const read = new Map<string, ReadonlyMap<string, string>>();

/**
 * Reads the parameters of a query, each given once.
 * @returns the same map for the same query as long as it is kept, so that what is made of it can be kept too
 * @throws {HttpError} 400 `invalid-query`
 */
export const readQuery = (querystring: string): ReadonlyMap<string, string> => {
  let given = read.get(querystring);
  if (given === undefined) {
    if (querystring.length > LONGEST_KEPT) return parse(querystring);
    const own = copyOf(querystring);
    given = parse(own);
    if (read.size >= KEPT) read.clear();
    read.set(own, given);
  }
  return given;
};

/**
 * Reads a parameter that is 1, 0, or left out.
 * @throws {HttpError} 400 `invalid-query`
 */
export const readFlag = (query: ReadonlyMap<string, string>, name: string): boolean => {
  const value = query.get(name) ?? '0';
  if (value !== '0' && value !== '1') throw refuse(name, `“${name}” is 1 or 0.`);
  return value === '1';
};

/**
 * Reads the number of the last entry that a reader has from a query, which has it as text.
 * @throws {DomainError} `invalid-cursor`
 */
export const readAfterText = (text: string | undefined): number =>
  readAfter(text !== undefined && /^\d+$/.test(text) ? Number(text) : text);
