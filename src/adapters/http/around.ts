import type { Middleware } from 'koa';
import type { Storage } from '../../application/ports.js';
import { sendJson } from './json.js';
import type { Metrics } from './metrics.js';

/** What a load balancer and a monitor ask: is the process there, can it serve, how is it doing. */
export const around =
  (storage: Pick<Storage, 'ping'>, isClosing: () => boolean, metrics: Metrics | null): Middleware =>
  async (ctx, next) => {
    if (ctx.path === '/healthz') {
      sendJson(ctx, { success: true, message: 'The process answers.' });
    } else if (ctx.path === '/readyz') {
      const refusal = isClosing()
        ? 'The server is shutting down.'
        : await storage.ping().then(
            () => null,
            () => 'Storage does not answer.',
          );
      ctx.status = refusal === null ? 200 : 503;
      sendJson(
        ctx,
        refusal === null
          ? { success: true, message: 'Ready.' }
          : { success: false, message: refusal, code: isClosing() ? 'shutting-down' : 'storage-unavailable' },
      );
    } else if (ctx.path === '/metrics' && metrics !== null) {
      ctx.set('Content-Type', metrics.contentType);
      ctx.body = await metrics.text();
    } else {
      await next();
    }
  };
