import type { Context } from 'koa';
import type { Asker } from '../../application/authenticate.js';
import type { HoldPoll } from '../../application/holding/hold-poll.js';
import type { Known } from '../../application/poll-room.js';
import type { Updates } from '../../application/read-updates.js';
import { readWait } from './prefer.js';
import { leaveUnheard } from './unheard.js';

/** Sends updates to the reader named, with more headers, name after value. */
type Send = (ctx: Context, updates: Updates, readerId: string, more: readonly string[]) => void;

/**
 * Answers a poll that prefers to wait, once something is new or its time is over.
 * @returns null where no wait is preferred
 */
export const holdAsPreferred = (
  holdPoll: HoldPoll,
  ctx: Context,
  asker: Asker,
  known: Known,
  send: Send,
): Promise<void> | null => {
  const { prefer } = ctx.req.headers;
  if (prefer === undefined) return null;
  const preferred = readWait(String(prefer));
  return preferred === null ? null : hold(holdPoll, ctx, asker, known, send, preferred);
};

/** Nothing of it is ever cached, so that no `Vary` has to say by what it differs. */
const hold = async (
  holdPoll: HoldPoll,
  ctx: Context,
  asker: Asker,
  known: Known,
  send: Send,
  preferred: number,
): Promise<void> => {
  const { roomId } = ctx['params'];
  const updates = await holdPoll.execute(asker, roomId, known, preferred * 1000, ctx.req.socket);
  const seconds = Math.min(preferred, Math.ceil(holdPoll.longestMs / 1000));
  if (updates !== null) return send(ctx, updates, asker.user.id, ['Preference-Applied', `wait=${seconds}`]);
  leaveUnheard(ctx);
};
