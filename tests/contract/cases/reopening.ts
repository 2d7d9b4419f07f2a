import { expect } from '@jest/globals';
import type { Capabilities } from '../../../src/adapters/storage/engine.js';
import type { Case } from '../contract.js';
import {
  account,
  namedRoom,
  NOW,
  numbersOf,
  openRoom,
  outcome,
  readLog,
  say,
  session,
  takeBack,
  times,
} from '../scene.js';

const when = ({ durable }: Capabilities): boolean => durable;

/** What was acknowledged is there again, for engines that are durable. */
export const reopening: readonly Case[] = [
  {
    name: 'what was stored is there again after reopening, and numbers go on where they were',
    when,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      await storage.transact(async ({ users, rooms, sessions }) => {
        await users.save(account('alice'));
        await sessions.save(session('live', 'id-of-alice'));
        const milk = namedRoom('milk', { id: 'milk' });
        milk.delete({ id: 'id-of-creator', username: 'creator' }, NOW);
        await rooms.save(milk);
      });
      for (const text of ['one', 'two', 'three']) await say(storage, 'tea', text, { history: 2 });
      await takeBack(storage, ({ users }) => users.save(account('bobby')));
      const before = await readLog(storage, 'tea');
      await storage.close();

      const again = await openAgain();
      expect(await readLog(again, 'tea')).toEqual(before);
      expect(await again.read((from) => from.standings(['live']))).toEqual([
        { session: session('live', 'id-of-alice').state, user: account('alice').state },
      ]);
      expect(await again.read((from) => from.userNamed('bobby'))).toBeNull();
      expect((await again.transact(({ rooms }) => rooms.get('milk')))?.isDeleted).toBe(true);
      expect((await say(again, 'tea', 'one')).seq).toBe(1);
      expect((await say(again, 'tea', 'four')).seq).toBe(4);
    },
  },
  {
    name: 'opening again and again changes nothing',
    when,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      const before = await readLog(storage, 'tea');
      await storage.close();
      for (const _ of times(3, Number)) {
        const again = await openAgain();
        expect(await readLog(again, 'tea')).toEqual(before);
        await again.close();
      }
    },
  },
  {
    name: 'closing waits for what was asked before it: what is acknowledged is there again, and nothing else',
    when,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      const saying = times(20, (at) => outcome(say(storage, 'tea', `no. ${at}`).then(({ seq }) => seq)));
      await Promise.all([...saying, storage.close()]);
      const acknowledged = (await Promise.all(saying)).filter((one) => one !== 'failed');
      expect(await numbersOf(await openAgain(), 'tea')).toEqual(
        (acknowledged as number[]).sort((a, b) => a - b),
      );
    },
  },
  {
    name: 'what was closed is refused, and says so at once',
    when,
    async run({ storage }) {
      await storage.close();
      const unavailable = { name: 'StorageUnavailable' };
      await expect(storage.read((from) => from.rooms())).rejects.toMatchObject(unavailable);
      await expect(storage.transact(({ users }) => users.get('any'))).rejects.toMatchObject(unavailable);
      await expect(storage.ping()).rejects.toMatchObject(unavailable);
    },
  },
  {
    name: 'what only one process may use is refused to the next, until the first has closed it',
    when: ({ durable, shared }) => durable && !shared,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      await expect(openAgain()).rejects.toMatchObject({ name: 'StorageRefused' });
      expect((await say(storage, 'tea', 'one')).seq).toBe(1);
      await storage.close();
      expect(await numbersOf(await openAgain(), 'tea')).toEqual([1]);
    },
  },
  {
    name: 'what is opened as existing where nothing was stored is refused, and nothing is made there',
    when,
    async run({ openElsewhere }) {
      // Were anything made by one of them, the next would find it.
      for (const beside of [true, false, true, false]) {
        await expect(openElsewhere({ existing: true, beside })).rejects.toMatchObject({
          name: 'StorageRefused',
        });
      }
      expect(await (await openElsewhere()).read((from) => from.rooms())).toEqual([]);
    },
  },
];
