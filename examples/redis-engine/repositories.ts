import type { Materials } from '../../src/adapters/storage/materials.js';
import type { LogRepository, Repositories } from '../../src/application/ports.js';
import type { LogHead, Receipt } from '../../src/domain/message-log.js';
import type { RoomState } from '../../src/domain/room.js';
import type { SessionState } from '../../src/domain/session.js';
import type { UserState } from '../../src/domain/user.js';
import {
  before,
  endedKey,
  entryKey,
  liveKey,
  logKey,
  postKey,
  presentKey,
  receiptKey,
  roomKey,
  roomNameKey,
  sessionKey,
  under,
  userKey,
  usernameKey,
} from './keys.js';
import { entriesBelow } from './readers.js';
import { pagesOf, type Transaction } from './view.js';

/** So many more receipts than come in may go with them, so that the old ones get fewer. */
const MORE_RECEIPTS = 16;

/** Two of what there can be one of: the use case looked before, so nobody but a programmer sees this. */
const requireOnlyOne = (holder: string | null, id: string, what: string): void => {
  if (holder !== null && holder !== id) throw new Error(`two ${what}`);
};

const logRepository = (to: Transaction, { MessageLog }: Materials): LogRepository => ({
  async get(roomId) {
    const head = await to.value<LogHead>(logKey(roomId));
    return head && new MessageLog(head);
  },
  async receipt(roomId, ...post) {
    const seq = await to.value<number>(postKey(roomId, ...post));
    return seq === null ? null : to.value<Receipt>(receiptKey(roomId, seq));
  },
  async save(log) {
    const { head, receiptFloor: floor } = log;
    const appended = log.takeAppended();
    const { roomId, first, closed } = head;
    const isRaised = first > ((await to.value<LogHead>(logKey(roomId)))?.first ?? 1);
    to.put(logKey(roomId), head);
    for (const { entry, digest } of appended) {
      const { seq, at, authorId, clientMessageId } = entry;
      if (seq >= first) to.put(entryKey(roomId, seq), entry);
      to.put(receiptKey(roomId, seq), { authorId, clientMessageId, seq, at, digest });
      to.put(postKey(roomId, authorId, clientMessageId), seq);
    }
    if (isRaised) {
      for await (const page of pagesOf(to, entriesBelow(roomId, first)))
        for (const [key] of page) to.remove(key);
    }
    const forget = (key: string, { authorId, clientMessageId }: Receipt): void => {
      to.remove(key);
      to.remove(postKey(roomId, authorId, clientMessageId));
    };
    const receipts = under('receipt', roomId);
    if (closed) {
      for await (const page of pagesOf(to, receipts))
        for (const [key, value] of page) forget(key, JSON.parse(value) as Receipt);
    } else if (floor.seq > 0) {
      const due = {
        ...before(receipts, receiptKey(roomId, floor.seq + 1)),
        limit: appended.length + MORE_RECEIPTS,
      };
      for (const [key, value] of await to.scan(due)) {
        const receipt = JSON.parse(value) as Receipt;
        if (receipt.at < floor.at) forget(key, receipt);
      }
    }
  },
});

/** Gets and saves of one transaction. What is saved is looked at before anything is waited for: it may change after. */
export const redisRepositories = (to: Transaction, given: Materials): Repositories => {
  const { Session, User, Room } = given;
  const pointed = async <S>(pointer: string, key: (id: string) => string): Promise<S | null> => {
    const id = await to.value<string>(pointer);
    return id === null ? null : to.value<S>(key(id));
  };
  return {
    sessions: {
      async get(id) {
        const state = await to.value<SessionState>(sessionKey(id));
        return state && new Session(state);
      },
      async liveOf(userId) {
        const state = await pointed<SessionState>(liveKey(userId), sessionKey);
        return state && new Session(state);
      },
      async save({ state }) {
        const was = await to.value<SessionState>(sessionKey(state.id));
        const holder = await to.value<string>(liveKey(state.userId));
        if (state.ending === null) requireOnlyOne(holder, state.id, 'live sessions of one user');
        if (was !== null && was.endedAt !== null) to.remove(endedKey(was.endedAt, was.id));
        to.put(sessionKey(state.id), state);
        if (state.ending === null) to.put(liveKey(state.userId), state.id);
        else if (holder === state.id) to.remove(liveKey(state.userId));
        if (state.endedAt !== null) to.put(endedKey(state.endedAt, state.id), state.id);
      },
      async forget(endedBefore) {
        for await (const page of pagesOf(to, before(under('ended'), endedKey(endedBefore, '')))) {
          for (const [key, id] of page) {
            to.remove(key);
            to.remove(sessionKey(JSON.parse(id) as string));
          }
        }
      },
    },
    users: {
      async get(id) {
        const state = await to.value<UserState>(userKey(id));
        return state && new User(state);
      },
      async named(name) {
        const state = await pointed<UserState>(usernameKey(name), userKey);
        return state && new User(state);
      },
      async inRoom(roomId) {
        const range = under('present', roomId);
        to.relyOn(range);
        const ids: string[] = [];
        for await (const page of pagesOf(to, range))
          ids.push(...page.map(([, id]) => JSON.parse(id) as string));
        const states = await to.values<UserState>(ids.map(userKey));
        return states.filter((state) => state !== null).map((state) => new User(state));
      },
      async save({ state }) {
        const [was, holder] = await to.values<unknown>([userKey(state.id), usernameKey(state.usernameKey)]);
        requireOnlyOne(holder as string | null, state.id, 'users of one name');
        const { usernameKey: name, roomId } = (was as UserState | null) ?? state;
        if (name !== state.usernameKey) to.remove(usernameKey(name));
        if (roomId !== null && roomId !== state.roomId) to.remove(presentKey(roomId, state.id));
        to.put(userKey(state.id), state);
        to.put(usernameKey(state.usernameKey), state.id);
        if (state.roomId !== null) to.put(presentKey(state.roomId, state.id), state.id);
      },
      async remove({ id }) {
        const was = await to.value<UserState>(userKey(id));
        if (was === null) return;
        to.remove(userKey(id));
        to.remove(usernameKey(was.usernameKey));
        if (was.roomId !== null) to.remove(presentKey(was.roomId, id));
      },
    },
    rooms: {
      async get(id) {
        const state = await to.value<RoomState>(roomKey(id));
        return state && new Room(state);
      },
      async named(name) {
        const state = await pointed<RoomState>(roomNameKey(name), roomKey);
        return state && new Room(state);
      },
      async save({ state }) {
        const [was, holder] = await to.values<unknown>([roomKey(state.id), roomNameKey(state.nameKey)]);
        const isThere = state.deletedBy === null;
        if (isThere) requireOnlyOne(holder as string | null, state.id, 'rooms of one name');
        const before = was as RoomState | null;
        if (before?.deletedBy === null && before.nameKey !== state.nameKey)
          to.remove(roomNameKey(before.nameKey));
        to.put(roomKey(state.id), state);
        if (isThere) to.put(roomNameKey(state.nameKey), state.id);
        else if (holder === state.id) to.remove(roomNameKey(state.nameKey));
      },
    },
    logs: logRepository(to, given),
  };
};
