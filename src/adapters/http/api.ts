import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Authenticate } from '../../application/authenticate.js';
import { readRoomId } from '../../domain/opaque-id.js';
import { checkBody, readBody } from './body.js';
import { HttpError } from './http-error.js';
import { sendJson } from './json.js';
import { openApi } from './openapi.js';
import type { Asked, Operation } from './operation.js';
import { readQuery } from './query.js';
import type { RateLimits } from './rate-limits.js';
import { requireSameSite } from './same-site.js';
import type { SessionCookie } from './session-cookie.js';

const NOTHING = {};

/** In the order of the contract: who asks, whether the request is in order, whether it is from here, and then the rest. */
const answering = (
  operation: Operation,
  authenticate: Authenticate,
  cookie: SessionCookie,
  limits: RateLimits,
): ((ctx: Context) => Promise<void>) => {
  const isWrite = operation.method !== 'get';
  const hasRoomId = operation.path.includes(':roomId');
  const { body: schema } = operation;

  const readRequest = async (ctx: Context): Promise<Asked> => {
    if (hasRoomId) readRoomId(ctx['params'].roomId);
    const query = readQuery(ctx.querystring);
    const body = schema === undefined ? NOTHING : checkBody(schema, await readBody(ctx));
    if (isWrite) requireSameSite(ctx);
    return { ctx, query, body };
  };

  if (operation.open) {
    return async (ctx) => operation.handle(await readRequest(ctx));
  }
  return async (ctx) => {
    const asker = await authenticate.execute(cookie.read(ctx));
    ctx.state['asker'] = asker;
    const asked = await readRequest(ctx);
    if (operation.limit !== undefined) await limits.spend(operation.limit, asker.user.id);
    await operation.handle({ ...asked, asker });
  };
};

const requireReadablePath: Middleware = (ctx, next) => {
  if (ctx.path.includes('%')) {
    try {
      decodeURIComponent(ctx.path);
    } catch {
      throw new HttpError(400, 'invalid-path', 'The path has a malformed escape.');
    }
  }
  return next();
};

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

/** Everything under `/api`. */
export const api = (
  operations: readonly Operation[],
  authenticate: Authenticate,
  cookie: SessionCookie,
  limits: RateLimits,
): Middleware[] => {
  const router = new Router();
  /* A router tries each of its routes; the one that nearly all requests are for has a router of its own, tried first. */
  const pollRouter = new Router();
  for (const operation of operations) {
    const answer = answering(operation, authenticate, cookie, limits);
    const isPoll = !operation.open && operation.limit === 'polls';
    const routers = isPoll ? [pollRouter, router] : [router];
    for (const each of routers) {
      each[operation.method](operation.path, (ctx) => answer(ctx as unknown as Context));
    }
  }
  const description = openApi(operations);
  router.get('/api/openapi.json', (ctx) => sendJson(ctx as unknown as Context, description));
  return [
    requireReadablePath,
    pollRouter.routes() as unknown as Middleware,
    router.routes() as unknown as Middleware,
    refuseOthers(router),
  ];
};
