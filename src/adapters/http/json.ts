import type { Context } from 'koa';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends what is JSON already. */
export const sendJsonText = (ctx: Context, text: string): void => {
  ctx.res.setHeader('Content-Type', JSON_TYPE);
  ctx.res.setHeader('Cache-Control', 'no-store');
  ctx.body = text;
};

export const sendJson = (ctx: Context, value: object): void => sendJsonText(ctx, JSON.stringify(value));

/** RFC 3339, UTC, with milliseconds. */
export const timeJson = (ms: number): string => new Date(ms).toISOString();
