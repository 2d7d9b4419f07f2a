import { isDeleted } from '../core/where.js';
import type { Session, User } from '../core/wire.js';
import type { Answer } from '../ports/api.js';
import type { House } from './visit.js';

/**
 * Leaves that room and no other: in another tab the user may have gone on to the next.
 * @param isTold whether the user knows by now that the room was deleted, if it was: to leave is then to have heard of it
 * @returns null once out of it, or where the user is instead, who is to be told
 */
export const leaveRoom = async (
  { requests, kept }: House,
  user: User,
  roomId: string,
  isTold: boolean,
  signal: AbortSignal,
): Promise<Answer<Session | null>> => {
  const session = await requests.whereabouts(signal);
  if (!session.ok || session.body.room?.id !== roomId) return session;
  const wasDeleted = isDeleted(session.body.room);
  if (wasDeleted && !isTold) return session;
  const left = await requests.leave(signal);
  if (left.ok && wasDeleted) kept(user.id, roomId).forget();
  return left.ok ? { ...left, body: null } : left;
};
