import compress from 'koa-compress';
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { isWorthCompressing } from './compressing.js';
import { FailureLog } from './failure-log.js';
import { sendFailure } from './failures.js';
import { securityHeaders } from './security-headers.js';

const isLong = ({ body }: Context): boolean =>
  body !== null && body !== undefined && !(typeof body === 'string' && !isWorthCompressing(body));

/** Whoever takes no encoding at all, plain text included, is sent it plain (RFC 9110, 12.5.3); the compressor would fail. */
const takesAny = (ctx: Context): boolean => ctx.acceptsEncodings('gzip', 'deflate', 'identity') !== false;

/**
 * What every answer goes through last: a failure is made an answer of, the security headers are set, and what is long
 * enough to gain by it is compressed. One layer for the three, because every poll pays for each layer.
 */
export const finishing = (log: Logger): Middleware => {
  const failures = new FailureLog(log);
  const squeeze = compress({ br: false, threshold: 0 });
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      sendFailure(ctx, error, failures);
    }
    if (ctx.res.headersSent) return;
    for (const [name, value] of securityHeaders) ctx.res.setHeader(name, value);
    if (isLong(ctx) && takesAny(ctx)) await squeeze(ctx, async () => undefined);
  };
};
