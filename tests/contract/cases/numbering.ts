import { expect } from '@jest/globals';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { Case } from '../contract.js';
import {
  draft,
  EPOCH,
  NOW,
  numbersOf,
  numbersTo,
  openRoom,
  readLog,
  say,
  takeBack,
  times,
} from '../scene.js';

/** The log's whole promise: every entry under the number after the last, for ever. */
export const numbering: readonly Case[] = [
  {
    name: 'a log that nobody has written in has first 1, last 0, its epoch, and no entry',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      expect(await readLog(storage, 'tea')).toEqual({
        head: { roomId: 'tea', epoch: EPOCH, first: 1, last: 0, closed: false },
        entries: [],
      });
    },
  },
  {
    name: 'entries are numbered from 1, one after the other, and read in that order',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      // More than nine: numbers that are compared as texts put 10 before 2.
      for (const number of numbersTo(12)) {
        expect((await say(storage, 'tea', `no. ${number}`)).seq).toBe(number);
      }
      const { head, entries } = await readLog(storage, 'tea');
      expect(head).toMatchObject({ epoch: EPOCH, first: 1, last: 12 });
      expect(entries.map(({ seq, text }) => `${seq} ${text}`)).toEqual(
        numbersTo(12).map((number) => `${number} no. ${number}`),
      );
    },
  },
  {
    name: 'each room has numbers of its own',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await openRoom(storage, 'coffee');
      await say(storage, 'tea', 'one');
      await say(storage, 'tea', 'two');
      expect((await say(storage, 'coffee', 'one')).seq).toBe(1);
      expect(await numbersOf(storage, 'tea')).toEqual([1, 2]);
      expect(await numbersOf(storage, 'coffee')).toEqual([1]);
    },
  },
  {
    name: 'a post that is taken back leaves no hole in the numbers',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await say(storage, 'tea', 'one');
      await takeBack(storage, async ({ logs }) => {
        const log = (await logs.get('tea'))!;
        log.append(draft('never said'), NOW, 100);
        await logs.save(log);
      });
      expect((await say(storage, 'tea', 'two')).seq).toBe(2);
      expect(await numbersOf(storage, 'tea')).toEqual([1, 2]);
    },
  },
  {
    name: 'posts made at once are numbered without a hole and without a double',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const said = await Promise.all(times(30, (at) => say(storage, 'tea', `no. ${at}`)));
      expect(said.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(numbersTo(30));
      expect((await readLog(storage, 'tea')).entries).toEqual([...said].sort((a, b) => a.seq - b.seq));
    },
  },
  {
    name: 'several entries appended in one transaction are all stored, and once if the log is saved twice',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      await storage.transact(async ({ logs }) => {
        const log = (await logs.get('tea'))!;
        for (const text of ['one', 'two', 'three']) log.append(draft(text), NOW, 100);
        await logs.save(log);
        await logs.save(log);
        log.append(draft('four'), NOW, 100);
        await logs.save(log);
      });
      expect(await numbersOf(storage, 'tea')).toEqual([1, 2, 3, 4]);
    },
  },
  {
    name: 'numbers above 2³¹, and the greatest that are exact, come back as they were',
    async run({ storage }) {
      for (const last of [2 ** 31 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER - 1]) {
        const roomId = `room-${last}`;
        await openRoom(storage, roomId);
        await storage.transact(({ logs }) =>
          logs.save(new MessageLog({ roomId, epoch: EPOCH, first: last + 1, last, closed: false })),
        );
        expect((await say(storage, roomId, 'one more', { at: Number.MAX_SAFE_INTEGER })).seq).toBe(last + 1);
        const { head, entries } = await readLog(storage, roomId);
        expect(head).toMatchObject({ first: last + 1, last: last + 1 });
        expect(entries).toMatchObject([{ seq: last + 1, at: Number.MAX_SAFE_INTEGER }]);
        const receipt = await storage.transact(({ logs }) =>
          logs.receipt(roomId, 'id-of-alice', 'key of one more'),
        );
        expect(receipt).toMatchObject({ seq: last + 1, at: Number.MAX_SAFE_INTEGER });
      }
    },
  },
];
