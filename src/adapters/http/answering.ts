import type { Context } from 'koa';
import type { Asker, Authenticate } from '../../application/authenticate.js';
import { whenKnown } from '../../application/live/when-known.js';
import { DomainError } from '../../domain/domain-error.js';
import { readRoomId } from '../../domain/opaque-id.js';
import { readBodyFor } from './body.js';
import { HttpError } from './http-error.js';
import type { Asked, Operation } from './operation.js';
import { readQuery } from './query.js';
import type { RateLimits } from './rate-limits.js';
import { requireSameSite } from './same-site.js';
import type { SessionCookie } from './session-cookie.js';

const NOTHING = {};

/** Answers a request, or throws why not. */
export type Answer = (ctx: Context) => void | Promise<void>;

/** Who decides whether a request is let in. */
export interface Gatekeepers {
  readonly authenticate: Authenticate;
  readonly cookie: SessionCookie;
  readonly limits: RateLimits;
}

/** In the order of the contract: who asks, whether the request is in order, whether it is from here, and then the rest. */
export const answering = (operation: Operation, { authenticate, cookie, limits }: Gatekeepers): Answer => {
  const isWrite = operation.method !== 'get';
  const hasRoomId = operation.path.includes(':roomId');

  const readRequest = <Who>(ctx: Context, asker: Who): Asked<Who> | Promise<Asked<Who>> => {
    if (hasRoomId) readRoomId(ctx['params'].roomId);
    const query = readQuery(ctx.request.querystring);
    if (!isWrite) return { ctx, query, body: NOTHING, asker };
    return whenKnown(readBodyFor(operation, ctx), (body) => {
      requireSameSite(ctx);
      return { ctx, query, body, asker };
    });
  };

  if (operation.open) {
    return (ctx) => whenKnown(readRequest(ctx, null), (asked) => operation.handle(asked));
  }
  const { limit } = operation;
  const answer = (ctx: Context, asker: Asker): void | Promise<void> => {
    ctx.state['asker'] = asker;
    return whenKnown(readRequest(ctx, asker), (asked) => {
      if (limit !== undefined) limits.spend(limit, asker.user.id);
      return operation.handle(asked);
    });
  };
  if (operation.looksAgain) {
    return async (ctx) => {
      const caller = cookie.read(ctx);
      const asker = await authenticate.presume(caller);
      try {
        await answer(ctx, asker);
      } catch (error) {
        // Of all that a request can be refused for, a session that is over is told first.
        if (error instanceof DomainError || error instanceof HttpError) await authenticate.execute(caller);
        throw error;
      }
    };
  }
  return (ctx) => whenKnown(authenticate.execute(cookie.read(ctx)), (asker) => answer(ctx, asker));
};
