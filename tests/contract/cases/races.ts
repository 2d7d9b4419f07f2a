import { expect } from '@jest/globals';
import type { Repositories, UnitOfWork } from '../../../src/application/ports.js';
import { roomNameTaken, Room } from '../../../src/domain/room.js';
import { usernameTaken } from '../../../src/domain/user.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { Case } from '../contract.js';
import {
  account,
  creator,
  EPOCH,
  guest,
  namedRoom,
  NOW,
  numbersTo,
  openRoom,
  outcome,
  readLog,
  say,
  sayIn,
  times,
} from '../scene.js';

const enter = (storage: UnitOfWork, userId: string, roomId: string): Promise<void> =>
  storage.transact(async ({ users, rooms }) => {
    const user = (await users.get(userId))!;
    const room = (await rooms.get(roomId))!;
    const present = user.roomId === null ? null : await rooms.get(user.roomId);
    user.enter(room, present);
    await rooms.save(room);
    await users.save(user);
  });

const count = (outcomes: readonly unknown[], what: unknown): number =>
  outcomes.filter((one) => one === what).length;

/** What many do at once is as if they had done it one after the other. */
export const races: readonly Case[] = [
  {
    name: 'of twenty who take one username at once exactly one gets it, and the others are told so',
    async run({ storage }) {
      const take = (at: number) =>
        storage.transact(async ({ users }) => {
          if ((await users.named('alice')) !== null) throw usernameTaken('Alice');
          await users.save(guest('Alice', `number-${at}`));
          return at;
        });
      const outcomes = await Promise.all(times(20, (at) => outcome(take(at))));
      expect(count(outcomes, 'username-taken')).toBe(19);
      const winner = outcomes.find((one) => one !== 'username-taken');
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: `number-${winner}` });
    },
  },
  {
    name: 'of twenty who create a room of one name at once exactly one does, and the others are told so',
    async run({ storage }) {
      const create = (at: number) =>
        storage.transact(async ({ rooms, logs }) => {
          if ((await rooms.named('tea')) !== null) throw roomNameTaken('tea');
          await rooms.save(namedRoom('tea', { id: `number-${at}` }));
          await logs.save(MessageLog.open(`number-${at}`, EPOCH));
          return at;
        });
      const outcomes = await Promise.all(times(20, (at) => outcome(create(at))));
      expect(count(outcomes, 'room-name-taken')).toBe(19);
      const winner = outcomes.find((one) => one !== 'room-name-taken');
      expect(await storage.read((from) => from.rooms())).toMatchObject([{ id: `number-${winner}` }]);
    },
  },
  {
    name: 'of twenty who want one last place in a room exactly one gets it',
    async run({ storage }) {
      await openRoom(storage, 'tea', namedRoom('tea', { id: 'tea', capacity: 1 }));
      await storage.transact(async ({ users }) => {
        for (const at of times(20, Number)) await users.save(account(`user${at}`));
      });
      const outcomes = await Promise.all(
        times(20, (at) => outcome(enter(storage, `id-of-user${at}`, 'tea'))),
      );
      expect(count(outcomes, 'room-full')).toBe(19);
      const [inside, members] = await storage.transact(async ({ users, rooms }) => [
        (await users.inRoom('tea')).length,
        (await rooms.get('tea'))!.state.members,
      ]);
      expect([inside, members]).toEqual([1, 1]);
    },
  },
  {
    name: 'one user who enters eight rooms at once is in exactly one',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('alice')));
      for (const at of numbersTo(8)) await openRoom(storage, `room${at}`);
      const outcomes = await Promise.all(
        numbersTo(8).map((at) => outcome(enter(storage, 'id-of-alice', `room${at}`))),
      );
      expect(count(outcomes, 'in-another-room')).toBe(7);
      const rooms = await storage.read((from) => from.rooms());
      const alice = await storage.read((from) => from.userNamed('alice'));
      expect(rooms.filter(({ members }) => members > 0).map(({ id }) => id)).toEqual([alice!.roomId]);
    },
  },
  {
    name: 'of twenty posts of one key at once exactly one is stored, and all are told its number',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const said = await Promise.all([
        ...times(20, () => say(storage, 'tea', 'hello', { key: 'k' })),
        ...times(5, (at) => say(storage, 'tea', `else ${at}`)),
      ]);
      expect(new Set(said.slice(0, 20).map(({ seq }) => seq)).size).toBe(1);
      const { entries } = await readLog(storage, 'tea');
      expect(entries.map(({ seq }) => seq)).toEqual(numbersTo(6));
      expect(entries.filter(({ clientMessageId }) => clientMessageId === 'k')).toHaveLength(1);
    },
  },
  {
    name: 'of many who change one thing at once no change is lost',
    async run({ storage }) {
      await storage.transact(({ rooms }) => rooms.save(namedRoom('tea', { id: 'tea' })));
      await Promise.all(
        times(40, () =>
          storage.transact(async ({ rooms }) => {
            const { state } = (await rooms.get('tea'))!;
            await rooms.save(new Room({ ...state, members: state.members + 1 }));
          }),
        ),
      );
      expect(await storage.read((from) => from.rooms())).toMatchObject([{ members: 40 }]);
    },
  },
  {
    name: 'what a transaction decided on is still true when it is saved',
    async run({ storage }) {
      const names = ['alice', 'bobby'] as const;
      for (const round of numbersTo(8)) {
        const roomId = `room${round}`;
        await storage.transact(async ({ users, rooms }) => {
          await rooms.save(namedRoom(roomId, { id: roomId }));
          for (const name of names) await users.save(account(`${name}${round}`));
        });
        // Each goes in only if the other is not there: one of them must see the other.
        const goIn = (me: string, other: string) =>
          storage.transact(async ({ users, rooms }) => {
            const found = new Map<string, Awaited<ReturnType<Repositories['users']['get']>>>();
            for (const name of names) found.set(name, await users.named(`${name}${round}`));
            if (found.get(other)!.isIn(roomId)) return 'stayed out';
            const mine = found.get(me)!;
            mine.enter(new Room(namedRoom(roomId, { id: roomId }).state), null);
            await users.save(mine);
            await rooms.named('whatever');
            return 'went in';
          });
        const went = await Promise.all([goIn('alice', 'bobby'), goIn('bobby', 'alice')]);
        expect([...went].sort()).toEqual(['stayed out', 'went in']);
      }
    },
  },
  {
    name: 'posts to many rooms at once are each in theirs, numbered without a hole',
    async run({ storage }) {
      const rooms = times(6, (at) => `room${at}`);
      await Promise.all(rooms.map((roomId) => openRoom(storage, roomId)));
      await Promise.all(
        times(60, (at) => say(storage, rooms[at % rooms.length]!, `no. ${at}`, { by: `user${at}` })),
      );
      for (const [at, roomId] of rooms.entries()) {
        const { entries } = await readLog(storage, roomId);
        expect(entries.map(({ seq }) => seq)).toEqual(numbersTo(10));
        expect(entries.map(({ text }) => Number(text.slice(4)) % rooms.length)).toEqual(times(10, () => at));
      }
    },
  },
  {
    name: 'whoever posts while the room is deleted is either in the log before, or told that it is gone',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const post = (at: number) =>
        storage.transact(async ({ logs }) => (await sayIn(logs, 'tea', `no. ${at}`)).seq);
      const remove = storage.transact(async ({ rooms, logs }) => {
        const room = (await rooms.get('tea'))!;
        const log = (await logs.get('tea'))!;
        room.delete(creator, NOW);
        log.close();
        await rooms.save(room);
        await logs.save(log);
      });
      const outcomes = await Promise.all([
        ...times(10, (at) => outcome(post(at))),
        remove,
        ...times(10, (at) => outcome(post(10 + at))),
      ]);
      const { head, entries } = await readLog(storage, 'tea');
      expect(head.closed).toBe(true);
      expect(entries).toEqual([]);
      expect(outcomes.filter((one) => typeof one === 'number').sort((a, b) => a - b)).toEqual(
        numbersTo(head.last),
      );
      expect(count(outcomes, 'room-deleted')).toBe(20 - head.last);
      expect(await outcome(post(99))).toBe('room-deleted');
    },
  },
];
