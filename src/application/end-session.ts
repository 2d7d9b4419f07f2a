import type { Session, SessionEnding } from '../domain/session.js';
import type { User } from '../domain/user.js';
import type { Repositories } from './ports.js';

/** Who is no longer in which room, for whoever keeps the list of those online. */
export interface Departure {
  readonly userId: string;
  readonly roomId: string;
}

/** Takes a user out of its room, within a transaction. The user itself is the caller's to save. */
export const departFrom = async (to: Repositories, user: User): Promise<Departure | null> => {
  const roomId = user.roomId;
  if (roomId === null) return null;
  const room = await to.rooms.get(roomId);
  user.leave(room);
  if (room !== null) await to.rooms.save(room);
  return { userId: user.id, roomId };
};

/**
 * Ends a session within a transaction. Logging out and expiry leave the room and free a guest's name; a take-over keeps
 * both, since the user stays.
 */
export const endSession = async (
  to: Repositories,
  session: Session,
  reason: SessionEnding,
  now: number,
): Promise<Departure | null> => {
  if (!session.isLive) return null;
  session.end(reason, now);
  await to.sessions.save(session);
  if (reason === 'taken-over') return null;
  const user = await to.users.get(session.state.userId);
  if (user === null) return null;
  const departure = await departFrom(to, user);
  if (user.isGuest) await to.users.remove(user);
  else await to.users.save(user);
  return departure;
};
