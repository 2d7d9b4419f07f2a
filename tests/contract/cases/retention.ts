import { expect } from '@jest/globals';
import {
  MessageLog,
  RECEIPTS_KEPT_ENTRIES,
  RECEIPTS_KEPT_MS,
  type Receipt,
} from '../../../src/domain/message-log.js';
import type { UnitOfWork } from '../../../src/application/ports.js';
import type { Case } from '../contract.js';
import { creator, draft, EPOCH, NOW, numbersOf, openRoom, readLog, say } from '../scene.js';

const receiptOf = (
  storage: UnitOfWork,
  text: string,
  { roomId = 'tea', by = 'id-of-alice' } = {},
): Promise<Receipt | null> => storage.transact(({ logs }) => logs.receipt(roomId, by, `key of ${text}`));

/** As if so many had been said meanwhile, and nothing of it were kept. */
const muchWasSaid = (storage: UnitOfWork, last: number): Promise<void> =>
  storage.transact(({ logs }) =>
    logs.save(new MessageLog({ roomId: 'tea', epoch: EPOCH, first: last + 1, last, closed: false })),
  );

/** What is kept of a log, and how a late retry is known when its entry is gone. */
export const retention: readonly Case[] = [
  {
    name: 'entries below the floor are gone from the store',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const text of ['one', 'two', 'three', 'four', 'five'])
        await say(storage, 'tea', text, { history: 3 });
      expect(await numbersOf(storage, 'tea')).toEqual([3, 4, 5]);
    },
  },
  {
    name: 'the oldest entry kept is the one that the head says, and none is missing up to the newest',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const history of [5, 5, 5, 5, 5, 5, 3, 3, 8]) {
        const { seq } = await say(storage, 'tea', `said with ${history} at ${Math.random()}`, { history });
        const { head, entries } = await readLog(storage, 'tea');
        expect(head.last).toBe(seq);
        expect(entries.map((entry) => entry.seq)).toEqual(
          Array.from({ length: head.last - head.first + 1 }, (_, at) => head.first + at),
        );
      }
      expect((await readLog(storage, 'tea')).head).toMatchObject({ first: 6, last: 9 });
    },
  },
  {
    name: 'entries that are below the floor when they are stored are not kept',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await storage.transact(async ({ logs }) => {
        const log = (await logs.get('tea'))!;
        for (const text of ['one', 'two', 'three', 'four', 'five']) log.append(draft(text), NOW, 2);
        await logs.save(log);
      });
      expect(await numbersOf(storage, 'tea')).toEqual([4, 5]);
      expect((await receiptOf(storage, 'one'))?.seq).toBe(1);
    },
  },
  {
    name: 'a floor that is raised without a word drops the entries below it',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const text of ['one', 'two', 'three']) await say(storage, 'tea', text);
      await storage.transact(async ({ logs }) => {
        const log = (await logs.get('tea'))!;
        await logs.save(new MessageLog({ ...log.head, first: 3 }));
      });
      expect(await numbersOf(storage, 'tea')).toEqual([3]);
    },
  },
  {
    name: 'a receipt says number, time and digest of its entry',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      await say(storage, 'tea', 'two', { at: NOW + 7 });
      expect(await receiptOf(storage, 'two')).toEqual({
        authorId: 'id-of-alice',
        clientMessageId: 'key of two',
        seq: 2,
        at: NOW + 7,
        digest: 'digest of two',
      });
      expect(await receiptOf(storage, 'never said')).toBeNull();
    },
  },
  {
    name: 'a receipt outlives its entry, so that a late retry is still recognised',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const text of ['one', 'two', 'three']) await say(storage, 'tea', text, { history: 1 });
      expect(await numbersOf(storage, 'tea')).toEqual([3]);
      expect((await say(storage, 'tea', 'one', { history: 1 })).seq).toBe(1);
      expect(await numbersOf(storage, 'tea')).toEqual([3]);
    },
  },
  {
    name: 'a key is its author’s alone: another’s message of the same key is another message',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      expect((await say(storage, 'tea', 'one', { by: 'id-of-alice', key: 'k' })).seq).toBe(1);
      expect(await receiptOf(storage, 'one', { by: 'id-of-bobby' })).toBeNull();
      expect((await say(storage, 'tea', 'two', { by: 'id-of-bobby', key: 'k' })).seq).toBe(2);
      expect((await say(storage, 'tea', 'one', { by: 'id-of-alice', key: 'k' })).seq).toBe(1);
    },
  },
  {
    name: 'a key is of one room alone: the same key elsewhere is another message',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await openRoom(storage, 'coffee');
      await say(storage, 'coffee', 'one');
      expect((await say(storage, 'tea', 'one', { key: 'k' })).seq).toBe(1);
      expect((await say(storage, 'coffee', 'two', { key: 'k' })).seq).toBe(2);
      expect((await say(storage, 'tea', 'one', { key: 'k' })).seq).toBe(1);
    },
  },
  {
    name: 'keys are compared letter by letter',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const keys = ['Key', 'key', 'key-', 'k_y', '007', '7', '1e3', '1000'];
      for (const key of keys) await say(storage, 'tea', key, { key });
      expect((await readLog(storage, 'tea')).head.last).toBe(keys.length);
      for (const [at, key] of keys.entries()) {
        expect((await say(storage, 'tea', key, { key })).seq).toBe(at + 1);
      }
    },
  },
  {
    name: 'a receipt goes once both its number and its time are below the floor',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      await muchWasSaid(storage, RECEIPTS_KEPT_ENTRIES);
      await say(storage, 'tea', 'much later', { at: NOW + RECEIPTS_KEPT_MS + 1 });
      expect(await receiptOf(storage, 'one')).toBeNull();
      expect(await receiptOf(storage, 'much later')).toMatchObject({ seq: RECEIPTS_KEPT_ENTRIES + 1 });
    },
  },
  {
    name: 'a receipt stays while its number is above the floor, however old it is',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      await muchWasSaid(storage, RECEIPTS_KEPT_ENTRIES - 1);
      await say(storage, 'tea', 'much later', { at: NOW + 100 * RECEIPTS_KEPT_MS });
      expect((await receiptOf(storage, 'one'))?.seq).toBe(1);
    },
  },
  {
    name: 'a receipt stays while its time is not below the floor, however much was said since',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      await muchWasSaid(storage, 9 * RECEIPTS_KEPT_ENTRIES);
      await say(storage, 'tea', 'just in time', { at: NOW + RECEIPTS_KEPT_MS });
      expect((await receiptOf(storage, 'one'))?.seq).toBe(1);
    },
  },
  {
    name: 'a closed log keeps no entry and no receipt, but its epoch and its last number',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await openRoom(storage, 'coffee');
      for (const roomId of ['tea', 'coffee']) {
        await say(storage, roomId, 'one');
        await say(storage, roomId, 'two');
      }
      await storage.transact(async ({ rooms, logs }) => {
        const [room, log] = [(await rooms.get('tea'))!, (await logs.get('tea'))!];
        room.delete(creator, NOW);
        log.close();
        await rooms.save(room);
        await logs.save(log);
      });
      expect(await readLog(storage, 'tea')).toEqual({
        head: { roomId: 'tea', epoch: EPOCH, first: 3, last: 2, closed: true },
        entries: [],
      });
      expect(await receiptOf(storage, 'one')).toBeNull();
      expect(await receiptOf(storage, 'two')).toBeNull();
      expect(await numbersOf(storage, 'coffee')).toEqual([1, 2]);
      expect(await receiptOf(storage, 'two', { roomId: 'coffee' })).toMatchObject({ seq: 2 });
    },
  },
];
