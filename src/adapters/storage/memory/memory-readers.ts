import type { Readers } from '../../../application/ports.js';
import { compareByCodePoint } from '../../../domain/code-points.js';
import type { Views } from './views.js';

/** Reads of one view. */
export const memoryReaders = (views: Views): Readers => ({
  async standings(sessionIds) {
    return sessionIds.flatMap((id) => {
      const session = views.sessions.get(id);
      return session === undefined ? [] : [{ session, user: views.users.get(session.userId) ?? null }];
    });
  },
  async outlooks(asked, limit) {
    return asked.flatMap(({ roomId, epoch, after }) => {
      const room = views.rooms.get(roomId);
      const log = views.logs.get(roomId);
      if (room === undefined || log === undefined) return [];
      const from = log.head.epoch === epoch ? after + 1 : log.head.first;
      return [{ room, head: log.head, entries: log.entries.filter(({ seq }) => seq >= from).slice(-limit) }];
    });
  },
  async rooms() {
    return views.rooms
      .all()
      .filter(({ deletedBy }) => deletedBy === null)
      .sort((a, b) => compareByCodePoint(a.nameKey, b.nameKey));
  },
  async entries(roomId, from, limit) {
    const entries = views.logs.get(roomId)?.entries ?? [];
    const skipped = Math.max(0, from - (entries[0]?.seq ?? from));
    return entries.slice(skipped, skipped + limit);
  },
  async userNamed(usernameKey) {
    return views.users.firstBy(0, usernameKey) ?? null;
  },
  async staleSessions(seenBefore, startedBefore, limit) {
    return views.sessions
      .all()
      .filter(({ ending, seenAt, startedAt }) => {
        return ending === null && (seenAt < seenBefore || startedAt < startedBefore);
      })
      .slice(0, limit)
      .map(({ id }) => id);
  },
});
