import type { Outlook, Readers, Standing } from '../../src/application/ports.js';
import type { Entry, LogHead } from '../../src/domain/message-log.js';
import type { RoomState } from '../../src/domain/room.js';
import type { SessionState } from '../../src/domain/session.js';
import type { UserState } from '../../src/domain/user.js';
import {
  before,
  entryKey,
  logKey,
  roomKey,
  sessionKey,
  under,
  userKey,
  usernameKey,
  type Range,
} from './keys.js';
import type { Cell } from './store.js';
import { pagesOf, type View } from './view.js';

const parsed = <S>([, value]: Cell): S => JSON.parse(value) as S;

/** Entries of a room from a number on; all are below the first that cannot be. */
const entriesFrom = (roomId: string, seq: number): Range => ({
  ...under('entry', roomId),
  from: entryKey(roomId, Math.min(seq, Number.MAX_SAFE_INTEGER)),
});

/** Reads of one view. */
export const redisReaders = (view: View): Readers => ({
  async standings(sessionIds) {
    const sessions = await view.values<SessionState>(sessionIds.map(sessionKey));
    const found = sessions.filter((session) => session !== null);
    const users = await view.values<UserState>(found.map(({ userId }) => userKey(userId)));
    return found.map((session, at): Standing => ({ session, user: users[at]! }));
  },
  async outlooks(asked, limit) {
    if (asked.length === 0) return [];
    const keys = asked.flatMap(({ roomId }) => [roomKey(roomId), logKey(roomId)]);
    const states = await view.values<RoomState | LogHead>(keys);
    const found = asked.flatMap(({ roomId, epoch, after }, at) => {
      const room = states[2 * at] as RoomState | null;
      const head = states[2 * at + 1] as LogHead | null;
      if (room === null || head === null) return [];
      return [{ room, head, from: head.epoch === epoch ? after + 1 : head.first, roomId }];
    });
    // Whoever has all there is, as nearly everyone who polls, needs no second question.
    const behindhand = found.filter(({ head, from }) => from <= head.last);
    if (behindhand.length === 0) return found.map(({ room, head }): Outlook => ({ room, head, entries: [] }));
    const scans = behindhand.map(({ roomId, from }) => ({
      ...entriesFrom(roomId, from),
      limit,
      backwards: true,
    }));
    const answers = new Map((await view.ask({ scans })).scans.map((cells, at) => [behindhand[at], cells]));
    return found.map((one): Outlook => {
      const entries = (answers.get(one) ?? []).map((cell) => parsed<Entry>(cell)).reverse();
      return { room: one.room, head: one.head, entries };
    });
  },
  async rooms() {
    const keys: string[] = [];
    for await (const page of pagesOf(view, under('room name')))
      keys.push(...page.map((cell) => roomKey(parsed<string>(cell))));
    return (await view.values<RoomState>(keys)).filter((room) => room !== null);
  },
  async entries(roomId, from, limit) {
    if (limit <= 0) return [];
    return (await view.scan({ ...entriesFrom(roomId, from), limit })).map((cell) => parsed<Entry>(cell));
  },
  async userNamed(usernameKeyGiven) {
    const id = await view.value<string>(usernameKey(usernameKeyGiven));
    return id === null ? null : view.value<UserState>(userKey(id));
  },
  async staleSessions(seenBefore, startedBefore, limit) {
    const stale: string[] = [];
    for await (const page of pagesOf(view, under('live'))) {
      const sessions = await view.values<SessionState>(page.map((cell) => sessionKey(parsed<string>(cell))));
      for (const session of sessions) {
        if (session === null || (session.seenAt >= seenBefore && session.startedAt >= startedBefore))
          continue;
        stale.push(session.id);
        if (stale.length >= limit) return stale;
      }
    }
    return stale;
  },
});

export const entriesBelow = (roomId: string, seq: number): Range =>
  before(under('entry', roomId), entryKey(roomId, seq));
