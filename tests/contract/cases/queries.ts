import { expect } from '@jest/globals';
import { Room } from '../../../src/domain/room.js';
import { Session, type SessionState } from '../../../src/domain/session.js';
import type { UnitOfWork } from '../../../src/application/ports.js';
import type { Case } from '../contract.js';
import { account, creator, EPOCH, guest, namedRoom, NOW, openRoom, say, session, times } from '../scene.js';

const saveSessions = (storage: UnitOfWork, ...states: Partial<SessionState>[]): Promise<void> =>
  storage.transact(async ({ sessions }) => {
    for (const state of states) {
      const begun = session('id', `user-of-${state.id}`).state;
      await sessions.save(new Session({ ...begun, ...state }));
    }
  });

const sayMany = async (storage: UnitOfWork, roomId: string, count: number): Promise<void> => {
  for (const at of times(count, Number)) await say(storage, roomId, `no. ${at + 1}`);
};

const outlook = async (
  storage: UnitOfWork,
  asked: { after: number; epoch?: string },
  limit: number,
): Promise<number[]> => {
  const [found] = await storage.read((from) =>
    from.outlooks([{ roomId: 'tea', epoch: EPOCH, ...asked }], limit),
  );
  return found!.entries.map(({ seq }) => seq);
};

/** What can be asked, and what the answer holds and leaves out. */
export const queries: readonly Case[] = [
  {
    name: 'what is not there is null, or nothing in a list, and no error',
    async run({ storage }) {
      const got = await storage.transact(async ({ users, rooms, sessions, logs }) => [
        await users.get('nobody'),
        await users.named('nobody'),
        await rooms.get('nowhere'),
        await rooms.named('nowhere'),
        await sessions.get('none'),
        await sessions.liveOf('nobody'),
        await logs.get('nowhere'),
        await logs.receipt('nowhere', 'nobody', 'none'),
        await users.inRoom('nowhere'),
      ]);
      expect(got).toEqual([null, null, null, null, null, null, null, null, []]);
      const read = await storage.read(async (from) => [
        await from.standings(['none']),
        await from.standings([]),
        await from.outlooks([{ roomId: 'nowhere', epoch: '', after: 0 }], 10),
        await from.outlooks([], 10),
        await from.rooms(),
        await from.entries('nowhere', 0, 10),
        await from.userNamed('nobody'),
        await from.staleSessions(NOW, NOW, 10),
      ]);
      expect(read).toEqual([[], [], [], [], [], [], null, []]);
    },
  },
  {
    name: 'standings are of the sessions asked for that there are, live or ended, with their users if there are any',
    async run({ storage }) {
      await storage.transact(async ({ users, sessions }) => {
        await users.save(account('alice'));
        await users.save(guest('gustav'));
        await sessions.save(session('of-alice', 'id-of-alice'));
        await sessions.save(session('of-gustav', 'id-of-gustav'));
        const ended = session('ended', 'id-of-alice', NOW - 5);
        ended.end('taken-over', NOW);
        await sessions.save(ended);
        await users.remove(guest('gustav'));
      });
      const found = await storage.read((from) => from.standings(['ended', 'none', 'of-gustav', 'of-alice']));
      const byId = [...found].sort((a, b) => (a.session.id < b.session.id ? -1 : 1));
      expect(byId).toEqual([
        {
          session: {
            id: 'ended',
            userId: 'id-of-alice',
            startedAt: NOW - 5,
            seenAt: NOW - 5,
            ending: 'taken-over',
            endedAt: NOW,
          },
          user: account('alice').state,
        },
        { session: session('of-alice', 'id-of-alice').state, user: account('alice').state },
        { session: session('of-gustav', 'id-of-gustav').state, user: null },
      ]);
    },
  },
  {
    name: 'a thousand standings and outlooks can be asked for at once',
    async run({ storage }) {
      const ids = times(1000, (at) => `number-${at}`);
      await storage.transact(async ({ users, sessions }) => {
        for (const id of ids.slice(0, 300)) await sessions.save(session(id, `user-of-${id}`));
        await users.save(account('alice', 'user-of-number-7'));
      });
      for (const roomId of ids.slice(0, 5)) await openRoom(storage, roomId);
      const [standings, outlooks] = await storage.read(async (from) => [
        await from.standings(ids),
        await from.outlooks(
          ids.map((roomId) => ({ roomId, epoch: '', after: 0 })),
          10,
        ),
      ]);
      expect(standings.map(({ session: { id } }) => id).sort()).toEqual(ids.slice(0, 300).sort());
      expect(standings.filter(({ user }) => user !== null)).toHaveLength(1);
      expect(outlooks.map(({ room }) => room.id).sort()).toEqual(ids.slice(0, 5));
    },
  },
  {
    name: 'an outlook has the entries after the asker’s last, and none it has',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await sayMany(storage, 'tea', 12);
      expect(await outlook(storage, { after: 0 }, 100)).toHaveLength(12);
      expect(await outlook(storage, { after: 9 }, 100)).toEqual([10, 11, 12]);
      expect(await outlook(storage, { after: 12 }, 100)).toEqual([]);
      expect(await outlook(storage, { after: 99 }, 100)).toEqual([]);
    },
  },
  {
    name: 'an outlook that is limited has the newest entries, ascending',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await sayMany(storage, 'tea', 12);
      expect(await outlook(storage, { after: 0 }, 3)).toEqual([10, 11, 12]);
      expect(await outlook(storage, { after: 10 }, 3)).toEqual([11, 12]);
      expect(await outlook(storage, { after: 0, epoch: 'another' }, 3)).toEqual([10, 11, 12]);
    },
  },
  {
    name: 'to whoever knows another epoch, or none, an outlook gives the log as if it had nothing',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await sayMany(storage, 'tea', 3);
      expect(await outlook(storage, { after: 2, epoch: 'another' }, 100)).toEqual([1, 2, 3]);
      expect(await outlook(storage, { after: 3, epoch: '' }, 100)).toEqual([1, 2, 3]);
      expect(await outlook(storage, { after: 2 }, 100)).toEqual([3]);
    },
  },
  {
    name: 'each outlook is of its own room, deleted ones included',
    async run({ storage }) {
      for (const roomId of ['tea', 'milk', 'coffee']) {
        await openRoom(storage, roomId);
        await say(storage, roomId, `about ${roomId}`);
      }
      await say(storage, 'milk', 'more');
      await storage.transact(async ({ rooms, logs }) => {
        const [room, log] = [(await rooms.get('coffee'))!, (await logs.get('coffee'))!];
        room.delete(creator, NOW);
        log.close();
        await rooms.save(room);
        await logs.save(log);
      });
      const found = await storage.read((from) =>
        from.outlooks(
          [
            { roomId: 'tea', epoch: EPOCH, after: 1 },
            { roomId: 'nowhere', epoch: EPOCH, after: 0 },
            { roomId: 'milk', epoch: EPOCH, after: 0 },
            { roomId: 'coffee', epoch: EPOCH, after: 0 },
          ],
          100,
        ),
      );
      const told = found.map(({ room, head, entries }) => ({
        id: room.id,
        of: head.roomId,
        deletedBy: room.deletedBy,
        last: head.last,
        texts: entries.map(({ text }) => text),
      }));
      expect(told.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: 'coffee', of: 'coffee', deletedBy: 'creator', last: 1, texts: [] },
        { id: 'milk', of: 'milk', deletedBy: null, last: 2, texts: ['about milk', 'more'] },
        { id: 'tea', of: 'tea', deletedBy: null, last: 1, texts: [] },
      ]);
    },
  },
  {
    name: 'entries are read from a number on, ascending, at most so many',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const at of times(15, Number)) await say(storage, 'tea', `no. ${at}`, { history: 12 });
      const read = async (from: number, limit: number) =>
        (await storage.read((readers) => readers.entries('tea', from, limit))).map(({ seq }) => seq);
      expect(await read(4, 3)).toEqual([4, 5, 6]);
      expect(await read(0, 2)).toEqual([4, 5]);
      expect(await read(9, 3)).toEqual([9, 10, 11]);
      expect(await read(14, 100)).toEqual([14, 15]);
      expect(await read(16, 100)).toEqual([]);
      expect(await read(1, 100)).toHaveLength(12);
    },
  },
  {
    name: 'rooms are listed by the code points of their keys, whatever a language or UTF-16 would say',
    async run({ storage }) {
      const keys = ['10', '9', 'a', 'b', 'b 1', 'b-2', 'z', 'é', 'ñ', 'ö', 'я', '中', 'ｚ', '｡', '𝒳', '😀'];
      await storage.transact(async ({ rooms }) => {
        for (const key of [...keys].reverse())
          await rooms.save(namedRoom(key, { id: `room-${key.length}-${key}` }));
      });
      const found = await storage.read((from) => from.rooms());
      expect(found.map(({ nameKey }) => nameKey)).toEqual(keys);
    },
  },
  {
    name: 'rooms that were deleted are not listed',
    async run({ storage }) {
      await storage.transact(async ({ rooms }) => {
        await rooms.save(namedRoom('tea'));
        await rooms.save(new Room({ ...namedRoom('milk').state, deletedBy: 'creator', deletedAt: NOW }));
      });
      expect(await storage.read((from) => from.rooms())).toEqual([namedRoom('tea').state]);
    },
  },
  {
    name: 'a session that has ended is nobody’s live session',
    async run({ storage }) {
      await saveSessions(
        storage,
        { id: 'one', userId: 'u', ending: 'logged-out', endedAt: NOW },
        { id: 'two', userId: 'u', ending: 'taken-over', endedAt: NOW },
        { id: 'three', userId: 'v' },
        { id: 'four', userId: 'w', ending: 'expired', endedAt: NOW },
      );
      const live = await storage.transact(async ({ sessions }) => [
        (await sessions.liveOf('u'))?.state.id,
        (await sessions.liveOf('v'))?.state.id,
        (await sessions.liveOf('w'))?.state.id,
        (await sessions.get('two'))?.state.ending,
      ]);
      expect(live).toEqual([undefined, 'three', undefined, 'taken-over']);
    },
  },
  {
    name: 'stale are the live sessions last seen, or begun, before the times given',
    async run({ storage }) {
      await saveSessions(
        storage,
        { id: 'seen long ago', startedAt: 100, seenAt: 499 },
        { id: 'seen just in time', startedAt: 100, seenAt: 500 },
        { id: 'begun long ago', startedAt: 99, seenAt: 900 },
        { id: 'both', startedAt: 1, seenAt: 2 },
        { id: 'ended', startedAt: 1, seenAt: 2, ending: 'expired', endedAt: 3 },
      );
      const stale = (limit: number) => storage.read((from) => from.staleSessions(500, 100, limit));
      expect((await stale(10)).sort()).toEqual(['begun long ago', 'both', 'seen long ago']);
      expect(await stale(2)).toHaveLength(2);
    },
  },
  {
    name: 'forgotten are the sessions that ended before the time given, and no others',
    async run({ storage }) {
      await saveSessions(
        storage,
        { id: 'live', startedAt: 1, seenAt: 1 },
        { id: 'before', ending: 'logged-out', endedAt: 499 },
        { id: 'then', ending: 'logged-out', endedAt: 500 },
        { id: 'later', ending: 'logged-out', endedAt: 501 },
      );
      await storage.transact(({ sessions }) => sessions.forget(500));
      const left = await storage.read((from) => from.standings(['live', 'before', 'then', 'later']));
      expect(left.map(({ session: { id } }) => id).sort()).toEqual(['later', 'live', 'then']);
    },
  },
  {
    name: 'in a room are those whose room it is',
    async run({ storage }) {
      await storage.transact(async ({ users, rooms }) => {
        const [tea, milk] = [namedRoom('tea', { id: 'tea' }), namedRoom('milk', { id: 'milk' })];
        for (const [name, room] of [
          ['alice', tea],
          ['bobby', milk],
          ['carol', tea],
          ['david', null],
        ] as const) {
          const user = account(name);
          if (room !== null) user.enter(room, null);
          await users.save(user);
        }
        await rooms.save(tea);
        await rooms.save(milk);
      });
      await storage.transact(async ({ users, rooms }) => {
        const carol = (await users.get('id-of-carol'))!;
        carol.leave((await rooms.get('tea'))!);
        await users.save(carol);
      });
      const inRoom = (id: string) =>
        storage.transact(async ({ users }) => (await users.inRoom(id)).map(({ username }) => username));
      expect(await inRoom('tea')).toEqual(['alice']);
      expect(await inRoom('milk')).toEqual(['bobby']);
      expect(await inRoom('nowhere')).toEqual([]);
    },
  },
];
