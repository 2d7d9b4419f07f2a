import { expect } from '@jest/globals';
import type { Written } from '../../../src/application/ports.js';
import type { Capabilities } from '../../../src/adapters/storage/engine.js';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import type { Case } from '../contract.js';
import {
  account,
  aMoment,
  creator,
  guest,
  numbersTo,
  NOW,
  openRoom,
  outcome,
  readLog,
  say,
  sayIn,
  session,
  takeBack,
  times,
} from '../scene.js';

const when = ({ shared }: Capabilities): boolean => shared;

const several = async (openAgain: () => Promise<OpenedStorage>): Promise<OpenedStorage[]> =>
  Promise.all(times(4, () => openAgain()));

/** Several processes on one storage, for engines that are shared; each has opened it for itself. */
export const sharing: readonly Case[] = [
  {
    name: 'what was opened says of itself what its engine says: whether it is shared',
    async run({ storage, capabilities }) {
      expect(storage.shared).toBe(capabilities.shared);
    },
  },
  {
    name: 'many may open it at once, a fresh one too',
    when,
    async run({ openAgain }) {
      const opened = await several(openAgain);
      await Promise.all(
        opened.map((storage, at) => storage.transact(({ users }) => users.save(account(`user${at}`)))),
      );
      for (const storage of opened) {
        expect(await storage.read((from) => from.userNamed('user3'))).toMatchObject({ id: 'id-of-user3' });
      }
    },
  },
  {
    name: 'what was acknowledged in one process is seen by a read or transaction that begins in another',
    when,
    async run({ storage, openAgain }) {
      const other = await openAgain();
      await openRoom(storage, 'tea');
      for (const number of numbersTo(20)) {
        const [writer, reader] = number % 6 < 3 ? [storage, other] : [other, storage];
        await say(writer, 'tea', `no. ${number}`);
        expect((await readLog(reader, 'tea')).head.last).toBe(number);
        expect((await reader.transact(({ logs }) => logs.get('tea')))!.head.last).toBe(number);
      }
    },
  },
  {
    name: 'posts of several processes at once are numbered without a hole, and no reader ever misses one',
    when,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      const opened = await several(openAgain);
      let isOver = false;
      // As clients do: never to ask again for what is at or below the last number that was seen.
      const follow = async (reader: OpenedStorage): Promise<number[]> => {
        const got: number[] = [];
        for (let last = false; !last;) {
          last = isOver;
          const after = got.at(-1) ?? 0;
          const entries = await reader.read((from) => from.entries('tea', after + 1, 1000));
          got.push(...entries.map(({ seq }) => seq));
        }
        return got;
      };
      const following = opened.map(follow);
      await Promise.all(times(80, (at) => say(opened[at % opened.length]!, 'tea', `no. ${at}`)));
      isOver = true;
      for (const got of await Promise.all(following)) expect(got).toEqual(numbersTo(80));
    },
  },
  {
    name: 'of one username taken in several processes at once there is one, and the others are told so',
    when,
    async run({ openAgain }) {
      const opened = await several(openAgain);
      const take = (storage: OpenedStorage, at: number) =>
        storage.transact(async ({ users }) => {
          if ((await users.named('alice')) !== null) return 'taken';
          await users.save(guest('Alice', `number-${at}`));
          return 'got';
        });
      const outcomes = await Promise.all(times(20, (at) => outcome(take(opened[at % opened.length]!, at))));
      expect([...outcomes].sort()).toEqual(['got', ...times(19, () => 'taken')]);
    },
  },
  {
    name: 'one key posted through several processes at once is stored once',
    when,
    async run({ storage, openAgain }) {
      await openRoom(storage, 'tea');
      const opened = await several(openAgain);
      const said = await Promise.all(times(20, (at) => say(opened[at % opened.length]!, 'tea', 'hello')));
      expect(said.map(({ seq }) => seq)).toEqual(times(20, () => 1));
      expect((await readLog(storage, 'tea')).head.last).toBe(1);
    },
  },
  {
    name: 'nothing of a transaction under way in one process is seen in another, nor if it is taken back',
    when,
    async run({ storage, openAgain }) {
      const other = await openAgain();
      await openRoom(storage, 'tea');
      let seen: number | undefined;
      await takeBack(storage, async ({ logs, users }) => {
        await sayIn(logs, 'tea', 'never said');
        await users.get('nobody');
        const looking = readLog(other, 'tea').then(({ head }) => (seen = head.last));
        await Promise.race([looking, aMoment()]);
      });
      expect(seen ?? 0).toBe(0);
      expect((await readLog(other, 'tea')).head.last).toBe(0);
    },
  },
  {
    name: 'changes, where they are told, name all that any process wrote since they were last asked for',
    when,
    async run({ storage, openAgain }) {
      const { changes } = storage;
      if (changes === undefined) return;
      const requireNamed = async (wanted: { readonly [kind in keyof Written]?: string }) => {
        const written = await changes.call(storage);
        if (written === null) return;
        for (const [kind, id] of Object.entries(wanted)) {
          expect([kind, ...written[kind as keyof Written]]).toContain(id);
        }
      };
      const other = await openAgain();
      await changes.call(storage);
      for (const writer of [other, storage]) {
        const name = writer === other ? 'alice' : 'bob';
        await openRoom(writer, name);
        await writer.transact(async ({ users, sessions }) => {
          await users.save(guest(name));
          await sessions.save(session(`of-${name}`, `id-of-${name}`));
        });
        const [users, sessions] = [`id-of-${name}`, `of-${name}`];
        await requireNamed({ rooms: name, logs: name, users, sessions });
        await say(writer, name, 'hello');
        await requireNamed({ logs: name });
        await writer.transact(async ({ users, sessions, rooms }) => {
          const live = (await sessions.get(`of-${name}`))!;
          live.end('logged-out', NOW);
          await sessions.save(live);
          await users.remove((await users.get(`id-of-${name}`))!);
          const room = (await rooms.get(name))!;
          room.delete(creator, NOW);
          await rooms.save(room);
        });
        await requireNamed({ rooms: name, users, sessions });
      }
    },
  },
  {
    name: 'changes name what was acknowledged before they were asked for, however many write meanwhile, in whatever order',
    when,
    async run({ storage, openAgain }) {
      const { changes } = storage;
      if (changes === undefined) return;
      const opened = await several(openAgain);
      const rooms = times(8, (at) => `room ${at}`);
      for (const room of rooms) await openRoom(storage, room);
      await changes.call(storage);
      const begun: string[] = [];
      const acknowledged: string[] = [];
      let isOver = false;
      const writing = rooms.map(async (_, at) => {
        for (const number of numbersTo(12)) {
          const key = `${at} ${number}`;
          begun.push(`id-of-${key}`);
          await opened[(at + number) % opened.length]!.transact(async ({ users, logs }) => {
            await users.save(guest(key));
            // What was stored first is not always what is committed first.
            await sayIn(logs, rooms[(at * number) % rooms.length]!, key);
          });
          acknowledged.push(`id-of-${key}`);
        }
      });
      const named = new Set<string>();
      const look = async (): Promise<void> => {
        const least = [...acknowledged];
        const written = await changes.call(storage);
        // An answer that names nothing speaks of all it saw, and it may see what is acknowledged only later.
        for (const id of written?.users ?? begun) named.add(id);
        expect(least.filter((id) => !named.has(id))).toEqual([]);
      };
      const following = (async () => {
        while (!isOver) {
          await look();
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      const written = Promise.all(writing).finally(() => (isOver = true));
      await Promise.all([written, following]);
      await look();
      expect(named.size).toBe(acknowledged.length);
    },
  },
];
