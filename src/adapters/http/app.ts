import Koa, { type Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Storage } from '../../application/ports.js';
import type { Gatekeepers } from './answering.js';
import { createApi } from './api.js';
import { finishing } from './finishing.js';
import { health } from './health.js';
import { HttpError } from './http-error.js';
import { Metrics } from './metrics.js';
import type { Operation } from './operation.js';
import { pages } from './pages.js';
import { requireReadablePath } from './readable-path.js';

export interface AppParts extends Gatekeepers {
  readonly operations: readonly Operation[];
  readonly storage: Pick<Storage, 'ping'>;
  readonly log: Logger;
  readonly isClosing: () => boolean;
  /** Where the client was built to, or null for a server without pages. */
  readonly clientFolder: string | null;
  readonly trustProxy: boolean;
  readonly metrics: boolean;
}

/** Requests that come after the end has begun are somebody else's to answer; those before it are answered. */
const refuseWhenClosing =
  (isClosing: () => boolean): Middleware =>
  (ctx, next) => {
    if (!isClosing()) return next();
    ctx.set('Connection', 'close');
    throw new HttpError(
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
  const api = createApi(parts.operations, parts, parts.isClosing);
  app.use(finishing(parts.log));
  app.use(api.shortCut);
  app.use(requireReadablePath);
  app.use(health(parts.storage, parts.isClosing, metrics));
  app.use(refuseWhenClosing(parts.isClosing));
  for (const part of api.whole) app.use(part);
  if (parts.clientFolder !== null) for (const part of pages(parts.clientFolder)) app.use(part);
  return app;
};
