import Koa, { type Middleware } from 'koa';
import compress from 'koa-compress';
import type { Logger } from 'pino';
import type { Authenticate } from '../../application/authenticate.js';
import type { Storage } from '../../application/ports.js';
import { api } from './api.js';
import { around } from './around.js';
import { answerFailures } from './failures.js';
import { HttpError } from './http-error.js';
import { Metrics } from './metrics.js';
import type { Operation } from './operation.js';
import { pages } from './pages.js';
import type { RateLimits } from './rate-limits.js';
import { securityHeaders } from './security-headers.js';
import type { SessionCookie } from './session-cookie.js';

export interface AppParts {
  readonly operations: readonly Operation[];
  readonly authenticate: Authenticate;
  readonly cookie: SessionCookie;
  readonly limits: RateLimits;
  readonly storage: Pick<Storage, 'ping'>;
  readonly log: Logger;
  readonly isClosing: () => boolean;
  /** Where the client was built to, or null for a server without pages. */
  readonly clientFolder: string | null;
  readonly trustProxy: boolean;
  readonly metrics: boolean;
}

const COMPRESS_FROM_BYTES = 1024;

/** Compresses what is long enough to gain by it; the many short answers do not even pass through. */
const compressing = (): Middleware => {
  const squeeze = compress({ br: false, threshold: 0 });
  return async (ctx, next) => {
    await next();
    const { body } = ctx;
    const isShort =
      body === null || body === undefined || (typeof body === 'string' && body.length < COMPRESS_FROM_BYTES);
    if (!isShort) await squeeze(ctx, async () => undefined);
  };
};

/** Requests that come after the end has begun are somebody else's to answer; those before it are answered. */
const refuseWhenClosing =
  (isClosing: () => boolean): Middleware =>
  (ctx, next) => {
    if (!isClosing()) return next();
    ctx.set('Connection', 'close');
    throw new HttpError(
      503,
      'shutting-down',
      'The server is shutting down. Try again shortly.',
      {},
      { 'Retry-After': '1' },
    );
  };

/** The whole of HTTP: the API, the pages, and what is around them. */
export const createApp = (parts: AppParts): Koa => {
  /* One proxy: whoever asks it can write any address but the last, which is the proxy's own word. */
  const app = new Koa({ proxy: parts.trustProxy, maxIpsCount: 1 });
  const metrics = parts.metrics ? new Metrics() : null;

  app.silent = true;
  app.on('error', (error: Error & { code?: string }) => {
    const isClients =
      error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isClients) parts.log.error({ err: error }, 'answer failed');
  });

  if (metrics !== null) app.use(metrics.measure);
  app.use(securityHeaders());
  app.use(compressing());
  app.use(answerFailures(parts.log));
  app.use(around(parts.storage, parts.isClosing, metrics));
  app.use(refuseWhenClosing(parts.isClosing));
  for (const part of api(parts.operations, parts.authenticate, parts.cookie, parts.limits)) app.use(part);
  if (parts.clientFolder !== null) for (const part of pages(parts.clientFolder)) app.use(part);
  return app;
};
