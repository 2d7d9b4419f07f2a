import type { Context } from 'koa';
import { HttpError } from './http-error.js';

/**
 * Refuses a write that another site made a browser send: by Fetch Metadata (W3C), or where a browser sends none, by the
 * origin (RFC 6454). A program that sends neither is nobody's browser.
 * @throws {HttpError} 403 `cross-site`
 */
export const requireSameSite = (ctx: Context): void => {
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  const isOurs =
    site !== '' ? site === 'same-origin' : origin === '' || origin === `${ctx.protocol}://${ctx.host}`;
  if (!isOurs) throw new HttpError('cross-site', 'This request came from another site.');
};
