import type { Context } from 'koa';

export const JSON_HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Type', 'application/json; charset=utf-8'],
  ['Cache-Control', 'no-store'],
];

/** Sends what is JSON already. */
export const sendJsonText = (ctx: Context, text: string): void => {
  for (const [name, value] of JSON_HEADERS) ctx.res.setHeader(name, value);
  ctx.body = text;
};

export const sendJson = (ctx: Context, value: object): void => sendJsonText(ctx, JSON.stringify(value));

/** RFC 3339, UTC, with milliseconds. */
export const timeJson = (ms: number): string => new Date(ms).toISOString();
