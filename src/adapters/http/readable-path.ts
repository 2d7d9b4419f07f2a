import type { Middleware } from 'koa';
import { HttpError } from './http-error.js';

/** Refuses an address that nobody behind this could read: Koa reads it anew, and fails, whenever it is asked for the path. */
export const requireReadablePath: Middleware = (ctx, next) => {
  if (ctx.originalUrl.includes('%') || !ctx.originalUrl.startsWith('/')) {
    try {
      decodeURIComponent(ctx.path);
    } catch {
      throw new HttpError('invalid-path', 'The path cannot be read: it has a malformed escape.');
    }
  }
  return next();
};
