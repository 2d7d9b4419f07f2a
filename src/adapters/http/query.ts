import { readAfter } from '../../domain/reading.js';
import { copyOf } from './copy-of.js';
import { HttpError } from './http-error.js';
import { Recent } from './recent.js';

const refuse = (field: string, why: string) => new HttpError('invalid-query', why, { field });

const decode = (text: string): string => {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuse(text, 'The query has a malformed escape.');
  }
};

/** The parameters of a query, each given once. Whoever asks in the same words is given the same one, as long as anybody does. */
export class Query {
  private how: unknown;
  private made: unknown;

  /** @param given each name, and its value behind it: thousands of them are kept, and few ask for one by its name */
  constructor(private readonly given: readonly string[]) {}

  get(name: string): string | undefined {
    const at = this.given.findIndex((one, place) => place % 2 === 0 && one === name);
    return at < 0 ? undefined : this.given[at + 1];
  }

  /** What is made of it, made once for all who ask in the same words. */
  as<T>(make: (query: Query) => T): T {
    if (this.how !== make) {
      this.made = make(this);
      this.how = make;
    }
    return this.made as T;
  }
}

const parse = (querystring: string): Query => {
  const names = new Set<string>();
  const given: string[] = [];
  for (const part of querystring.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (names.has(name)) throw refuse(name, `“${name}” is given twice.`);
    names.add(name);
    given.push(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return new Query(given);
};

/* A room's members ask the same thing until something is said. What nobody asks who means well is not kept. */
const KEPT_MS = 10_000;
const MOST_KEPT = 20_000;
const LONGEST_KEPT = 200;
const read = new Recent<Query>(KEPT_MS, MOST_KEPT);

/**
 * Reads a query.
 * @throws {HttpError} 400 `invalid-query`
 */
export const readQuery = (querystring: string): Query => {
  if (querystring.length > LONGEST_KEPT) return parse(querystring);
  const now = performance.now();
  let query = read.find(querystring, now);
  if (query === undefined) {
    const own = copyOf(querystring);
    query = parse(own);
    read.keep(own, query, now);
  }
  return query;
};

/**
 * Reads a parameter that is 1, 0, or left out.
 * @throws {HttpError} 400 `invalid-query`
 */
export const readFlag = (query: Query, name: string): boolean => {
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
