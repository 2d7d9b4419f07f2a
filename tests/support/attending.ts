import type { Asker } from '../../src/application/authenticate.js';
import { Caller } from '../../src/application/live/callers.js';
import type { Member, Presence } from '../../src/application/ports.js';
import { TakePart } from '../../src/application/take-part.js';

/** Has members ask for news as they do when they poll: by the seat that they were given, where they were given one. */
export const attending = (presence: Presence) => {
  const takePart = new TakePart(presence);
  const callers = new Map<string, Caller>();
  return (roomId: string, { userId, username, guest }: Member, hidden: boolean, askedAt: number) => {
    const caller = callers.get(userId) ?? new Caller(`session of ${userId}`);
    callers.set(userId, caller);
    const user = { id: userId, username, passwordHash: guest ? null : 'hash' };
    return takePart.execute({ caller, user, askedAt } as Asker, roomId, hidden);
  };
};
