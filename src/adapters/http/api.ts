import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { answering, type Gatekeepers } from './answering.js';
import { HttpError } from './http-error.js';
import { sendJson } from './json.js';
import { openApi } from './openapi.js';
import type { Operation } from './operation.js';

const refuseOthers =
  (router: Router): Middleware =>
  (ctx, next) => {
    if (ctx.path !== '/api' && !ctx.path.startsWith('/api/')) return next();
    const allowed = router.match(ctx.path, 'GET').path.flatMap(({ methods }) => methods);
    if (allowed.length === 0) throw new HttpError(404, 'no-such-path', 'There is nothing at this address.');
    const allow = [...new Set([...allowed, 'OPTIONS'])].sort().join(', ');
    if (ctx.method === 'OPTIONS') {
      ctx.set('Allow', allow);
      ctx.status = 204;
      return undefined;
    }
    throw new HttpError(405, 'method-not-allowed', `This address takes ${allow}.`, {}, { Allow: allow });
  };

export interface Api {
  /**
   * Answers the poll, which nearly all requests are, past the layers that are for all others and the routes that a router
   * would try first. Whatever is odd about a request sends it the long way round, where the poll is answered too.
   */
  readonly shortCut: Middleware;
  /** Everything under `/api`. */
  readonly whole: readonly Middleware[];
}

const routesOf = (router: Router) => router.routes() as unknown as Middleware;

export const createApi = (
  operations: readonly Operation[],
  gatekeepers: Gatekeepers,
  isClosing: () => boolean,
): Api => {
  const router = new Router();
  const pollRouter = new Router();
  for (const operation of operations) {
    const answer = answering(operation, gatekeepers);
    const isPoll = !operation.open && operation.limit === 'polls';
    for (const each of isPoll ? [router, pollRouter] : [router]) {
      each[operation.method](operation.path, (ctx) => answer(ctx as unknown as Context));
    }
  }
  // Made when it is asked for: what hardly anybody reads must not hold up the start.
  let description: object | undefined;
  router.get('/api/openapi.json', (ctx) =>
    sendJson(ctx as unknown as Context, (description ??= openApi(operations))),
  );

  const poll = routesOf(pollRouter);
  return {
    shortCut: (ctx, next) =>
      ctx.method !== 'GET' || isClosing() || ctx.originalUrl.includes('%') ? next() : poll(ctx, next),
    whole: [routesOf(router), refuseOthers(router)],
  };
};
