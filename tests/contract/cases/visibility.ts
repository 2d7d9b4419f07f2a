import { expect } from '@jest/globals';
import type { Case } from '../contract.js';
import {
  A_MOMENT_MS,
  account,
  aMoment,
  namedRoom,
  numbersOf,
  numbersTo,
  openRoom,
  readLog,
  say,
  sayIn,
  takeBack,
  times,
  within,
} from '../scene.js';

/** What a reader sees: all that was acknowledged before it asked, nothing that is not committed, and one view. */
export const visibility: readonly Case[] = [
  {
    name: 'a read that begins after a write was acknowledged sees it',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const number of numbersTo(20)) {
        await say(storage, 'tea', `no. ${number}`);
        expect((await readLog(storage, 'tea')).head.last).toBe(number);
      }
    },
  },
  {
    name: 'reads that begin while posts come in are never older than their call',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      let acknowledged = 0;
      const reads: Promise<void>[] = [];
      const ask = async (atLeast: number): Promise<void> => {
        const { head, entries } = await readLog(storage, 'tea');
        expect(head.last).toBeGreaterThanOrEqual(atLeast);
        expect(entries.map(({ seq }) => seq)).toEqual(numbersTo(head.last));
      };
      for (const number of numbersTo(25)) {
        reads.push(ask(acknowledged));
        const saying = say(storage, 'tea', `no. ${number}`);
        reads.push(ask(acknowledged));
        await saying;
        acknowledged = number;
        reads.push(ask(acknowledged));
      }
      await Promise.all(reads);
    },
  },
  {
    name: 'a transaction sees what was acknowledged before it began',
    async run({ storage }) {
      for (const number of numbersTo(20)) {
        const found = await storage.transact(async ({ users }) => {
          const before = await users.named(`user${number - 1}`);
          await users.save(account(`user${number}`));
          return before?.id;
        });
        if (number > 1) expect(found).toBe(`id-of-user${number - 1}`);
      }
    },
  },
  {
    name: 'nothing of a transaction that is under way is to be seen',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const seen: unknown[] = [];
      const look = () =>
        storage.read(async (from) => {
          seen.push(await from.userNamed('alice'), (await from.entries('tea', 0, 10)).length);
        });
      const looks: Promise<void>[] = [];
      await takeBack(storage, async ({ users, logs }) => {
        await users.save(account('alice'));
        looks.push(look());
        await sayIn(logs, 'tea', 'one');
        looks.push(look());
        // An engine may let readers wait: then they see nothing of it either.
        await Promise.race([Promise.all(looks), aMoment()]);
      });
      await Promise.all(looks);
      expect(seen).toEqual([null, 0, null, 0]);
    },
  },
  {
    name: 'a transaction is seen whole or not at all',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await storage.transact(async ({ users }) => {
        for (const number of numbersTo(10)) await users.save(account(`user${number}`));
      });
      const look = async (): Promise<void> => {
        const [members, last] = await storage.read(async (from) => {
          const [outlook] = await from.outlooks([{ roomId: 'tea', epoch: '', after: 0 }], 10);
          return [outlook!.room.members, outlook!.head.last];
        });
        expect(members).toBe(last);
      };
      const looks: Promise<void>[] = [];
      const lookAround = (): void => {
        const looking = look();
        looking.catch(() => undefined);
        looks.push(looking);
      };
      await Promise.all(
        numbersTo(10).map((number) =>
          storage.transact(async ({ users, rooms, logs }) => {
            const user = (await users.named(`user${number}`))!;
            const room = (await rooms.get('tea'))!;
            user.enter(room, null);
            await rooms.save(room);
            lookAround();
            await users.save(user);
            lookAround();
            await sayIn(logs, 'tea', `no. ${number}`);
            lookAround();
          }),
        ),
      );
      await Promise.all(looks);
    },
  },
  {
    name: 'a read does not wait for a transaction that is under way',
    async run({ storage }) {
      let done = false;
      const work = storage.transact(async ({ users }) => {
        await users.save(account('alice'));
        const reading = storage.read((from) => from.userNamed('alice')).then(() => (done = true));
        await Promise.race([reading, aMoment()]);
        expect(done).toBe(true);
      });
      await work;
    },
  },
  {
    name: 'a transaction does not wait for a read that is under way',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await storage.read(async (from) => {
        await from.rooms();
        await within(A_MOMENT_MS, say(storage, 'tea', 'one'), 'the post waited for the reader');
      });
    },
  },
  {
    name: 'one view does not change under its reader, whatever is committed meanwhile',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      let writing: Promise<void> = Promise.resolve();
      const look = () =>
        storage.read(async (from) => {
          const all = async () => ({
            outlooks: await from.outlooks([{ roomId: 'tea', epoch: '', after: 0 }], 10),
            rooms: await from.rooms(),
            entries: await from.entries('tea', 0, 10),
            alice: await from.userNamed('alice'),
            stale: await from.staleSessions(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 10),
          });
          const first = await all();
          writing = storage.transact(async ({ users, rooms, logs }) => {
            await users.save(account('alice'));
            await rooms.save(namedRoom('milk', { id: 'milk' }));
            await sayIn(logs, 'tea', 'two', { history: 1 });
          });
          await Promise.race([writing, aMoment()]);
          expect(await all()).toEqual(first);
        });
      await Promise.all([look(), readLog(storage, 'tea')]);
      await writing;
      expect(await numbersOf(storage, 'tea')).toEqual([2]);
    },
  },
  {
    name: 'readers of different views at the same time see each their own',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const views: Promise<number[]>[] = [];
      const ends: (() => void)[] = [];
      const ended: Promise<void>[] = [];
      for (const number of numbersTo(3)) {
        ended.push(new Promise((resolve) => ends.push(resolve)));
        await new Promise<void>((begun, failed) => {
          const view = storage.read(async (from) => {
            const first = (await from.entries('tea', 0, 10)).length;
            begun();
            await ended[number - 1];
            return [first, (await from.entries('tea', 0, 10)).length];
          });
          view.catch(failed);
          views.push(view);
        });
        await within(A_MOMENT_MS, say(storage, 'tea', `no. ${number}`), 'the post waited for the readers');
      }
      // The oldest view ends last.
      for (const end of ends.reverse()) end();
      expect(await Promise.all(views)).toEqual([
        [0, 0],
        [1, 1],
        [2, 2],
      ]);
    },
  },
  {
    name: 'whoever asks only for what is newer than its last never misses a post, however many post at once',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      let isOver = false;
      const follow = async (): Promise<number[]> => {
        const got: number[] = [];
        for (let last = false; !last;) {
          last = isOver;
          const after = got.at(-1) ?? 0;
          const entries = await storage.read((from) => from.entries('tea', after + 1, 1000));
          got.push(...entries.map(({ seq }) => seq));
          await new Promise((resolve) => setImmediate(resolve));
        }
        return got;
      };
      const following = [follow(), follow()];
      for (const _ of times(5, Number)) {
        await Promise.all(times(12, () => say(storage, 'tea', `said ${Math.random()}`)));
      }
      isOver = true;
      for (const got of await Promise.all(following)) expect(got).toEqual(numbersTo(60));
    },
  },
  {
    name: 'what was taken back is not to be seen afterwards',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await takeBack(storage, async ({ users, logs }) => {
        await users.save(account('alice'));
        await sayIn(logs, 'tea', 'never said');
      });
      expect(await storage.read((from) => from.userNamed('alice'))).toBeNull();
      expect((await readLog(storage, 'tea')).head.last).toBe(0);
    },
  },
  {
    name: 'what a reader does to what it was given changes nothing for anyone else',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      const vandalise = (list: readonly object[]) => {
        const array = list as object[];
        array.reverse();
        array.length = 0;
      };
      await storage.read(async (from) => {
        vandalise(await from.entries('tea', 0, 10));
        vandalise(await from.rooms());
        const outlooks = await from.outlooks([{ roomId: 'tea', epoch: '', after: 0 }], 10);
        vandalise(outlooks[0]!.entries);
        vandalise(outlooks);
      });
      expect(await numbersOf(storage, 'tea')).toEqual([1]);
      expect(await storage.read((from) => from.rooms())).toHaveLength(1);
    },
  },
];
