import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { answering, type Answer, type Gatekeepers } from './answering.js';
import { HttpError } from './http-error.js';
import { sendJson } from './json.js';
import { openApi } from './openapi.js';
import type { Operation } from './operation.js';

const refuseOthers =
  (router: Router): Middleware =>
  (ctx, next) => {
    if (ctx.path !== '/api' && !ctx.path.startsWith('/api/')) return next();
    const allowed = router.match(ctx.path, 'GET').path.flatMap(({ methods }) => methods);
    if (allowed.length === 0) throw new HttpError('no-such-path', 'There is nothing at this address.');
    const allow = [...new Set([...allowed, 'OPTIONS'])].sort().join(', ');
    if (ctx.method === 'OPTIONS') {
      ctx.set('Allow', allow);
      ctx.status = 204;
      return undefined;
    }
    throw new HttpError('method-not-allowed', `This address takes ${allow}.`, {}, { Allow: allow });
  };

export interface Api {
  /** Answers the poll past the layers that are for all other requests. */
  readonly shortCut: Middleware;
  /** Everything under `/api`. */
  readonly whole: readonly Middleware[];
}

const routesOf = (router: Router) => router.routes() as unknown as Middleware;

/**
 * The way of the poll, which nearly all requests are: one pattern in the place of a router, whose table and whose own context
 * cost a fifth of it. Whatever is odd about a request sends it the long way round, where the poll is answered too.
 */
const shortCutTo = ({ path }: Operation, answer: Answer, isClosing: () => boolean): Middleware => {
  const pattern = new RegExp(`^${path.replace(':roomId', '([^/%?#]+)')}(?:\\?|$)`);
  return (ctx, next) => {
    const roomId = ctx.method === 'GET' && !isClosing() ? pattern.exec(ctx.originalUrl)?.[1] : undefined;
    if (roomId === undefined) return next();
    ctx['params'] = { roomId };
    ctx['_matchedRoute'] = path;
    return answer(ctx);
  };
};

export const createApi = (
  operations: readonly Operation[],
  gatekeepers: Gatekeepers,
  isClosing: () => boolean,
): Api => {
  const router = new Router({ sensitive: true });
  let shortCut: Middleware = (_ctx, next) => next();
  for (const operation of operations) {
    const answer = answering(operation, gatekeepers);
    router[operation.method](operation.path, (ctx) => answer(ctx as unknown as Context));
    if (!operation.open && operation.limit === 'polls') shortCut = shortCutTo(operation, answer, isClosing);
  }
  // Made when it is asked for: what hardly anybody reads must not hold up the start.
  let description: object | undefined;
  router.get('/api/openapi.json', (ctx) =>
    sendJson(ctx as unknown as Context, (description ??= openApi(operations))),
  );

  return {
    shortCut,
    whole: [routesOf(router), refuseOthers(router)],
  };
};
