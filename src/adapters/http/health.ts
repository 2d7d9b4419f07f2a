import type { Context, Middleware } from 'koa';
import type { Storage } from '../../application/ports.js';
import { HttpError } from './http-error.js';
import { sendJson } from './json.js';
import type { Metrics } from './metrics.js';

/** What a load balancer and a monitor ask: is the process there, can it serve, how is it doing. */
export const health = (
  storage: Pick<Storage, 'ping'>,
  isClosing: () => boolean,
  metrics: Metrics | null,
): Middleware => {
  const answerReadiness = async (ctx: Context): Promise<void> => {
    const isThere = await storage.ping().then(
      () => true,
      () => false,
    );
    if (isClosing()) throw new HttpError('shutting-down', 'The server is shutting down.');
    if (!isThere) throw new HttpError('storage-unavailable', 'Storage does not answer.');
    sendJson(ctx, { success: true, message: 'Ready.' });
  };
  return (ctx, next) => {
    switch (ctx.path) {
      case '/healthz':
        return sendJson(ctx, { success: true, message: 'The process answers.' });
      case '/readyz':
        return answerReadiness(ctx);
      case '/metrics':
        return metrics === null ? next() : metrics.send(ctx);
      default:
        return next();
    }
  };
};
