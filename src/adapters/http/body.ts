import bodyParser from 'koa-bodyparser';
import type { Context } from 'koa';
import * as z from 'zod';
import { DomainError } from '../../domain/domain-error.js';
import { HttpError } from './http-error.js';
import type { Operation } from './operation.js';

const LIMIT = '64kb';

const NO_FIELDS = z.strictObject({});

const invalidJson = () => new HttpError('invalid-json', 'The body must be one JSON object.');

const notJson = () =>
  new HttpError(
    'not-json',
    'Send JSON, with the content type application/json, compressed by gzip if at all.',
  );

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: LIMIT,
  /* A field named __proto__ is one that there is not, like any other; nothing here merges what was sent. */
  ...{ onProtoPoisoning: 'ignore' },
  onerror: (error, ctx) => {
    // What is left of it would stand in the way of the next request over the same connection.
    ctx.req.unpipe();
    ctx.req.resume();
    const { status } = error as Error & { status?: number };
    if (status === 413) throw new HttpError('too-large', 'A request has at most 64 KiB.');
    if (status === 415) throw notJson();
    throw invalidJson();
  },
});

const hasBody = (ctx: Context): boolean =>
  ctx.get('Transfer-Encoding') !== '' || Number(ctx.get('Content-Length') || 0) > 0;

/** Reads the one JSON object that a request's body must be. */
const readBody = async (ctx: Context): Promise<Record<string, unknown>> => {
  if (!ctx.is('application/json')) {
    throw notJson();
  }
  await parse(ctx, async () => undefined);
  const body: unknown = ctx.request.body;
  /* Of no text at all the parser makes an empty object. */
  if (ctx.request.rawBody === '') throw invalidJson();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidJson();
  return body as Record<string, unknown>;
};

const checkBody = (schema: z.ZodObject, body: Record<string, unknown>): Record<string, unknown> => {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) {
    throw new HttpError('unknown-field', `There is no field “${unknown}” here.`, { field: unknown });
  }
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = String(issue?.path[0] ?? '');
  const code = `invalid-${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new DomainError('invalid', code, issue?.message ?? 'That cannot be used.', { field });
};

/**
 * Reads and checks the body of a write. One that has nothing to say needs no body; what it says all the same was meant for
 * another request, and it is not done.
 * @throws {HttpError} 400 `invalid-json`, `unknown-field`, 413 `too-large`, 415 `not-json`
 * @throws {DomainError} whatever a field's own rule says
 */
export const readBodyFor = (
  { body: schema }: Pick<Operation, 'body'>,
  ctx: Context,
): Record<string, unknown> | Promise<Record<string, unknown>> => {
  if (hasBody(ctx)) return readBody(ctx).then((body) => checkBody(schema ?? NO_FIELDS, body));
  if (schema === undefined) return {};
  throw invalidJson();
};
