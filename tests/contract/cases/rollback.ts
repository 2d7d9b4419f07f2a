import { expect } from '@jest/globals';
import type { Repositories, UnitOfWork } from '../../../src/application/ports.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { Case } from '../contract.js';
import {
  account,
  EPOCH,
  namedRoom,
  NOW,
  numbersTo,
  openRoom,
  outcome,
  readLog,
  say,
  sayIn,
  secondThoughts,
  session,
  takeBack,
  textsOf,
  times,
} from '../scene.js';

/** Everything that can be asked about what `house` stores and `upheaval` changes. */
const everything = (storage: UnitOfWork) =>
  storage.transact(async ({ users, rooms, sessions, logs }) => ({
    alice: (await users.named('alice'))?.state ?? null,
    bobby: (await users.named('bobby'))?.state ?? null,
    inTea: (await users.inRoom('tea')).map(({ id }) => id),
    tea: (await rooms.get('tea'))?.state ?? null,
    milk: (await rooms.named('milk'))?.state ?? null,
    live: (await sessions.liveOf('id-of-alice'))?.state ?? null,
    old: (await sessions.get('old'))?.state ?? null,
    head: (await logs.get('tea'))?.head ?? null,
    milkHead: (await logs.get('milk'))?.head ?? null,
    receipts: [
      await logs.receipt('tea', 'id-of-alice', 'key of one'),
      await logs.receipt('tea', 'id-of-alice', 'key of two'),
    ],
  }));

const house = async (storage: UnitOfWork): Promise<void> => {
  await openRoom(storage, 'tea');
  await say(storage, 'tea', 'one');
  await storage.transact(async ({ users, sessions }) => {
    await users.save(account('alice'));
    await sessions.save(session('live', 'id-of-alice'));
    const old = session('old', 'id-of-alice');
    old.end('logged-out', NOW);
    await sessions.save(old);
  });
};

const upheaval = async ({ users, rooms, sessions, logs }: Repositories): Promise<void> => {
  const alice = (await users.get('id-of-alice'))!;
  const tea = (await rooms.get('tea'))!;
  alice.enter(tea, null);
  await users.save(alice);
  await rooms.save(tea);
  await users.save(account('bobby'));
  await rooms.save(namedRoom('milk', { id: 'milk' }));
  await logs.save(MessageLog.open('milk', EPOCH));
  const live = (await sessions.get('live'))!;
  live.end('taken-over', NOW);
  await sessions.save(live);
  await sessions.save(session('next', 'id-of-alice'));
  await sessions.forget(NOW + 1);
  await sayIn(logs, 'tea', 'two', { history: 1 });
};

/** A transaction happens whole, or not at all. */
export const rollback: readonly Case[] = [
  {
    name: 'work that resolves is stored, whatever it did',
    async run({ storage }) {
      await house(storage);
      await storage.transact(upheaval);
      const after = await everything(storage);
      expect(after).toMatchObject({
        alice: { roomId: 'tea' },
        bobby: { id: 'id-of-bobby' },
        inTea: ['id-of-alice'],
        tea: { members: 1 },
        milk: { id: 'milk' },
        live: { id: 'next' },
        old: null,
        head: { first: 2, last: 2 },
        milkHead: { last: 0 },
        receipts: [{ seq: 1 }, { seq: 2 }],
      });
      expect(await textsOf(storage, 'tea')).toEqual(['two']);
    },
  },
  {
    name: 'work that rejects stores nothing, whatever it did',
    async run({ storage }) {
      await house(storage);
      const before = await everything(storage);
      expect(await takeBack(storage, upheaval)).toBe('second-thoughts');
      expect(await everything(storage)).toEqual(before);
      expect(await textsOf(storage, 'tea')).toEqual(['one']);
    },
  },
  {
    name: 'a removal that is taken back has not happened',
    async run({ storage }) {
      await house(storage);
      await takeBack(storage, async ({ users }) => users.remove((await users.get('id-of-alice'))!));
      expect((await everything(storage)).alice).toMatchObject({ id: 'id-of-alice' });
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: 'id-of-alice' });
    },
  },
  {
    name: 'a closing that is taken back leaves entries and receipts where they were',
    async run({ storage }) {
      await house(storage);
      const before = await readLog(storage, 'tea');
      await takeBack(storage, async ({ logs }) => {
        const log = (await logs.get('tea'))!;
        log.close();
        await logs.save(log);
      });
      expect(await readLog(storage, 'tea')).toEqual(before);
      expect((await say(storage, 'tea', 'one')).seq).toBe(1);
    },
  },
  {
    name: 'what work resolves with, or rejects with, reaches whoever asked for it as it is',
    async run({ storage }) {
      const result = { found: [1, null, undefined] };
      expect(await storage.transact(async () => result)).toBe(result);
      expect(await storage.read(async () => result)).toBe(result);
      const error = secondThoughts();
      await expect(storage.transact(() => Promise.reject(error))).rejects.toBe(error);
      await expect(storage.read(() => Promise.reject(error))).rejects.toBe(error);
    },
  },
  {
    name: 'of many transactions at once those that reject take none of the others with them',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const outcomes = await Promise.all(
        times(40, (at) =>
          at % 2 === 0
            ? outcome(storage.transact((to) => to.users.save(account(`user${at}`))))
            : takeBack(storage, async (to) => {
                await to.users.save(account(`user${at}`));
                await sayIn(to.logs, 'tea', `never said ${at}`);
              }),
        ),
      );
      expect(outcomes).toEqual(times(40, (at) => (at % 2 === 0 ? undefined : 'second-thoughts')));
      const there = await storage.read((from) =>
        Promise.all(times(40, async (at) => (await from.userNamed(`user${at}`)) !== null)),
      );
      expect(there).toEqual(times(40, (at) => at % 2 === 0));
      expect((await readLog(storage, 'tea')).head.last).toBe(0);
    },
  },
  {
    name: 'a transaction finds what it has itself stored, under all its keys',
    async run({ storage }) {
      await house(storage);
      const found = await storage.transact(async (to) => {
        await upheaval(to);
        const { users, rooms, sessions, logs } = to;
        return {
          named: (await users.named('bobby'))?.id,
          got: (await users.get('id-of-bobby'))?.username,
          inRoom: (await users.inRoom('tea')).map(({ id }) => id),
          room: (await rooms.named('milk'))?.id,
          live: (await sessions.liveOf('id-of-alice'))?.state.id,
          forgotten: await sessions.get('old'),
          last: (await logs.get('tea'))?.head.last,
          receipt: (await logs.receipt('tea', 'id-of-alice', 'key of two'))?.seq,
        };
      });
      expect(found).toEqual({
        named: 'id-of-bobby',
        got: 'bobby',
        inRoom: ['id-of-alice'],
        room: 'milk',
        live: 'next',
        forgotten: null,
        last: 2,
        receipt: 2,
      });
    },
  },
  {
    name: 'after work that rejected storage goes on as if nothing had been',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const number of numbersTo(5)) {
        await takeBack(storage, ({ logs }) => sayIn(logs, 'tea', `never said ${number}`));
        expect((await say(storage, 'tea', `no. ${number}`)).seq).toBe(number);
      }
    },
  },
  {
    name: 'an aggregate that was changed and not saved is not stored',
    async run({ storage }) {
      await house(storage);
      await storage.transact(async ({ users, logs, rooms, sessions }) => {
        const tea = (await rooms.get('tea'))!;
        (await users.get('id-of-alice'))!.enter(tea, null);
        (await sessions.get('live'))!.end('expired', NOW);
        (await logs.get('tea'))!.close();
      });
      expect(await everything(storage)).toMatchObject({
        alice: { roomId: null },
        tea: { members: 0 },
        live: { id: 'live' },
        head: { closed: false },
      });
    },
  },
  {
    name: 'what is done to an aggregate after it was saved is not stored',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const [alice, live, milk, log] = [
        account('alice'),
        session('live', 'id-of-alice'),
        namedRoom('milk', { id: 'milk' }),
        MessageLog.open('milk', EPOCH),
      ];
      await storage.transact(async ({ users, sessions, rooms, logs }) => {
        await users.save(alice);
        await sessions.save(live);
        await rooms.save(milk);
        await logs.save(log);
      });
      alice.enter(milk, null);
      live.end('expired', NOW);
      log.close();
      const found = await storage.transact(async ({ users, sessions, rooms, logs }) => [
        (await users.get('id-of-alice'))?.roomId,
        (await sessions.get('live'))?.state.ending,
        (await rooms.get('milk'))?.state.members,
        (await logs.get('milk'))?.head.closed,
      ]);
      expect(found).toEqual([null, null, 0, false]);
    },
  },
];
