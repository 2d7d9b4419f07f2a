import type { Repositories } from '../../../application/ports.js';
import { MessageLog } from '../../../domain/message-log.js';
import { Room } from '../../../domain/room.js';
import { Session } from '../../../domain/session.js';
import { User } from '../../../domain/user.js';
import { receiptId, type Views } from './views.js';

const load = <S, A>(state: S | undefined, aggregate: new (state: S) => A): A | null =>
  state === undefined ? null : new aggregate(state);

/** Two of what there can be one of: the use case looked before, so nobody but a programmer sees this. */
const requireOnlyOne = (holder: { id: string } | undefined, id: string, what: string): void => {
  if (holder !== undefined && holder.id !== id) throw new Error(`two ${what}`);
};

/** Reads and writes of one transaction's view. */
export const memoryRepositories = (views: Views): Repositories => ({
  sessions: {
    get: async (id) => load(views.sessions.get(id), Session),
    liveOf: async (userId) => load(views.sessions.firstBy(0, userId), Session),
    async save({ state }) {
      if (state.ending === null) {
        requireOnlyOne(views.sessions.firstBy(0, state.userId), state.id, 'live sessions of one user');
      }
      views.sessions.put(state.id, state);
    },
    async forget(endedBefore) {
      for (const { id, endedAt } of views.sessions.all()) {
        if (endedAt !== null && endedAt < endedBefore) views.sessions.put(id, undefined);
      }
    },
  },
  users: {
    get: async (id) => load(views.users.get(id), User),
    named: async (usernameKey) => load(views.users.firstBy(0, usernameKey), User),
    inRoom: async (roomId) => [...views.users.by(1, roomId)].map((state) => new User(state)),
    async save({ state }) {
      requireOnlyOne(views.users.firstBy(0, state.usernameKey), state.id, 'users of one name');
      views.users.put(state.id, state);
    },
    async remove({ id }) {
      views.users.put(id, undefined);
    },
  },
  rooms: {
    get: async (id) => load(views.rooms.get(id), Room),
    named: async (nameKey) => load(views.rooms.firstBy(0, nameKey), Room),
    async save({ state }) {
      if (state.deletedBy === null)
        requireOnlyOne(views.rooms.firstBy(0, state.nameKey), state.id, 'rooms of one name');
      views.rooms.put(state.id, state);
    },
  },
  logs: {
    get: async (roomId) => load(views.logs.get(roomId)?.head, MessageLog),
    async receipt(...key) {
      const found = views.receipts.get(receiptId(...key));
      if (found === undefined) return null;
      const { roomId: _, ...receipt } = found;
      return receipt;
    },
    async save(log) {
      const { head, receiptFloor: floor } = log;
      const appended = log.takeAppended();
      const entries = [
        ...(views.logs.get(head.roomId)?.entries ?? []),
        ...appended.map(({ entry }) => entry),
      ];
      views.logs.put(head.roomId, { head, entries: entries.filter(({ seq }) => seq >= head.first) });
      for (const { entry, digest } of appended) {
        const { seq, at, authorId, clientMessageId } = entry;
        const receipt = { roomId: head.roomId, authorId, clientMessageId, seq, at, digest };
        views.receipts.put(receiptId(head.roomId, authorId, clientMessageId), receipt);
      }
      if (!head.closed && floor.seq <= 0) return;
      for (const { authorId, clientMessageId, seq, at } of views.receipts.by(0, head.roomId)) {
        const isDue = head.closed || (seq <= floor.seq && at < floor.at);
        if (isDue) views.receipts.put(receiptId(head.roomId, authorId, clientMessageId), undefined);
        else break;
      }
    },
  },
});
