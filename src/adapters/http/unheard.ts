import type { Context } from 'koa';

/** For an answer that nobody would hear: measurements are told by the status that proxies use for that. */
export const leaveUnheard = (ctx: Context): void => {
  ctx.respond = false;
  ctx.res.statusCode = 499;
};
