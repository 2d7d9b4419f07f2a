import { expect } from '@jest/globals';
import { compareByCodePoint } from '../../../src/domain/code-points.js';
import { keyOf, KINDS, type ArchiveReader, type ArchiveWriter } from '../../../src/application/archive.js';
import type { UnitOfWork } from '../../../src/application/ports.js';
import { User } from '../../../src/domain/user.js';
import { everything, everythingIn, putAll, type Everything } from '../archived.js';
import type { Case } from '../contract.js';
import {
  account,
  creator,
  EPOCH,
  guest,
  HOUR,
  namedRoom,
  NOW,
  numbersOf,
  numbersTo,
  openRoom,
  outcome,
  readLog,
  say,
  secondThoughts,
  session,
  times,
  within,
} from '../scene.js';

/** Ids that engines which compare by anything but code points put in another order. */
const AWKWARD = ['Z', 'a', 'a-', 'aa', 'b', 'É', 'é', '｡', '😀'];

/** One of everything that there can be. */
const furnish = async (storage: UnitOfWork): Promise<void> => {
  for (const id of ['tea', 'milk', 'coffee']) await openRoom(storage, id);
  await storage.transact(async ({ users, sessions, rooms, logs }) => {
    await users.save(new User({ ...account('alice').state, roomId: 'tea' }));
    await users.save(guest('Bobby'));
    await sessions.save(session('live', 'id-of-alice'));
    const ended = session('over', 'id-of-carol');
    ended.end('taken-over', NOW + 1);
    await sessions.save(ended);
    const [milk, log] = [(await rooms.get('milk'))!, (await logs.get('milk'))!];
    milk.delete(creator, NOW + 2);
    log.close();
    await rooms.save(milk);
    await logs.save(log);
  });
  for (const text of ['one', 'two', 'naïve 😀 “three”', 'four'])
    await say(storage, 'tea', text, { history: 2 });
  await say(storage, 'coffee', 'elsewhere', { by: 'id-of-Bobby', at: NOW + 5 });
};

const expected: Everything = {
  user: [guest('Bobby').state, { ...account('alice').state, roomId: 'tea' }],
  session: [
    session('live', 'id-of-alice').state,
    { ...session('over', 'id-of-carol').state, ending: 'taken-over', endedAt: NOW + 1 },
  ],
  room: [
    namedRoom('coffee', { id: 'coffee' }).state,
    { ...namedRoom('milk', { id: 'milk' }).state, deletedBy: 'creator', deletedAt: NOW + 2 },
    namedRoom('tea', { id: 'tea' }).state,
  ],
  log: [
    { roomId: 'coffee', epoch: EPOCH, first: 1, last: 1, closed: false },
    { roomId: 'milk', epoch: EPOCH, first: 1, last: 0, closed: true },
    { roomId: 'tea', epoch: EPOCH, first: 3, last: 4, closed: false },
  ],
  entry: [
    entry('coffee', 1, 'elsewhere', 'id-of-Bobby', NOW + 5),
    entry('tea', 3, 'naïve 😀 “three”'),
    entry('tea', 4, 'four'),
  ],
  receipt: [
    receipt('coffee', 1, 'elsewhere', 'id-of-Bobby', NOW + 5),
    ...['one', 'two', 'naïve 😀 “three”', 'four'].map((text, at) => receipt('tea', at + 1, text)),
  ],
};

function entry(roomId: string, seq: number, text: string, authorId = 'id-of-alice', at = NOW) {
  const said = { seq, kind: 'message', authorId, author: 'alice', guest: false, text, at } as const;
  return { roomId, ...said, clientMessageId: `key of ${text}` };
}

function receipt(roomId: string, seq: number, text: string, authorId = 'id-of-alice', at = NOW) {
  return { roomId, authorId, clientMessageId: `key of ${text}`, seq, at, digest: `digest of ${text}` };
}

/** All that is stored, read out, taken away, and written in again. */
const moveOutAndIn = async (storage: Parameters<Case['run']>[0]['storage']): Promise<void> => {
  const all = await everything(storage.archive);
  await storage.archive.write((to) => to.clear());
  await storage.archive.write((to) => putAll(to, all));
};

/** Moving house: reading out and writing in all that is stored. */
export const archives: readonly Case[] = [
  {
    name: 'all that was stored is read out: guests, ended sessions, deleted rooms and late retries’ receipts too',
    async run({ storage }) {
      await furnish(storage);
      for (const pageSize of [1, 2, 100]) {
        expect(await everything(storage.archive, pageSize)).toEqual(expected);
      }
    },
  },
  {
    name: 'records are read out by the code points of their ids, then by number, each once, however small the pages',
    async run({ storage }) {
      for (const [at, id] of AWKWARD.entries()) {
        await openRoom(storage, id, namedRoom(`room ${at}`, { id }));
        for (const text of times(3, String)) await say(storage, id, text);
        await storage.transact(async ({ users, sessions }) => {
          await users.save(account(`user${at}`, id));
          await sessions.save(session(id, id));
        });
      }
      for (const pageSize of [1, 2, 5, 100]) {
        const all = await everything(storage.archive, pageSize);
        for (const kind of KINDS) {
          const keys = all[kind].map((record) => keyOf(kind, record));
          const inOrder = [...keys].sort((a, b) => compareByCodePoint(a.id, b.id) || a.seq - b.seq);
          expect({ kind, keys }).toEqual({ kind, keys: inOrder });
          const isNumbered = kind === 'entry' || kind === 'receipt';
          expect({ kind, count: keys.length }).toEqual({
            kind,
            count: AWKWARD.length * (isNumbered ? 3 : 1),
          });
        }
      }
    },
  },
  {
    name: 'what was written in is what was read out, record for record',
    async run({ storage }) {
      await furnish(storage);
      await moveOutAndIn(storage);
      expect(await everything(storage.archive)).toEqual(expected);
    },
  },
  {
    name: 'the house goes on in what was written in: the next number follows, late retries and sessions are known, names are taken',
    async run({ storage }) {
      await furnish(storage);
      await moveOutAndIn(storage);
      expect((await say(storage, 'tea', 'one')).seq).toBe(1);
      expect((await say(storage, 'tea', 'five', { history: 2 })).seq).toBe(5);
      expect((await readLog(storage, 'tea')).head).toMatchObject({ epoch: EPOCH, first: 4, last: 5 });
      expect(await numbersOf(storage, 'tea')).toEqual([4, 5]);
      const [standing] = await storage.read((from) => from.standings(['live']));
      expect(standing).toEqual({ session: expected.session[0], user: expected.user[1] });
      await storage.transact(async ({ users, sessions, rooms }) => {
        expect((await users.named('bobby'))?.isGuest).toBe(true);
        expect((await users.inRoom('tea')).map(({ id }) => id)).toEqual(['id-of-alice']);
        expect((await sessions.liveOf('id-of-alice'))?.state.id).toBe('live');
        expect((await rooms.named('tea'))?.id).toBe('tea');
        expect(await rooms.named('milk')).toBeNull();
        expect((await rooms.get('milk'))?.isDeleted).toBe(true);
      });
    },
  },
  {
    name: 'a record that is written twice is there once, and the later one holds',
    async run({ storage }) {
      await furnish(storage);
      const all = await everything(storage.archive);
      await storage.archive.write((to) => putAll(to, all));
      expect(await everything(storage.archive)).toEqual(expected);
      await storage.archive.write(async (to) => {
        await to.put('user', [{ ...expected.user[1]!, roomId: null }]);
        await to.put('session', [{ ...expected.session[0]!, seenAt: NOW + HOUR }]);
        await to.put('room', [{ ...expected.room[0]!, members: 7 }]);
        await to.put('log', [{ ...expected.log[2]!, epoch: 'another' }]);
        await to.put('entry', [{ ...expected.entry[1]!, text: 'another' }]);
        await to.put('receipt', [{ ...expected.receipt[1]!, digest: 'another' }]);
      });
      const changed = await everything(storage.archive);
      expect(changed.user[1]!.roomId).toBeNull();
      expect(changed.session[0]!.seenAt).toBe(NOW + HOUR);
      expect(changed.room[0]!.members).toBe(7);
      expect(changed.log[2]!.epoch).toBe('another');
      expect(changed.entry.map(({ text }) => text)).toEqual(['elsewhere', 'another', 'four']);
      expect(changed.receipt[1]!.digest).toBe('another');
      expect((await storage.transact(({ users }) => users.inRoom('tea'))).length).toBe(0);
    },
  },
  {
    name: 'what is read out is one view, whatever is written while it is read',
    async run({ storage }) {
      await furnish(storage);
      await storage.archive.read(async (from) => {
        const before = await from.page('user', null, 1);
        await say(storage, 'tea', 'five');
        await storage.transact(({ users }) => users.save(account('zoe')));
        expect(before).toEqual([expected.user[0]]);
        expect(await everythingIn(from)).toEqual(expected);
      });
      expect((await everything(storage.archive)).log[2]!.last).toBe(5);
    },
  },
  {
    name: 'what is written in is seen whole or not at all, and by whoever asks after it was acknowledged',
    async run({ storage }) {
      await furnish(storage);
      const all = await everything(storage.archive);
      await storage.archive.write(async (to) => {
        await to.clear();
        expect((await readLog(storage, 'tea')).head.last).toBe(4);
        await putAll(to, { ...all, log: all.log.map((head) => ({ ...head, epoch: 'restored' })) });
        expect((await readLog(storage, 'tea')).head.epoch).toBe(EPOCH);
      });
      expect((await readLog(storage, 'tea')).head.epoch).toBe('restored');
    },
  },
  {
    name: 'writing in that is given up changes nothing, were everything cleared before',
    async run({ storage }) {
      await furnish(storage);
      const givenUp = storage.archive.write(async (to) => {
        await to.setNote('half of it');
        await to.clear();
        await to.put('user', [account('zoe').state]);
        throw secondThoughts();
      });
      expect(await outcome(givenUp)).toBe('second-thoughts');
      expect(await everything(storage.archive)).toEqual(expected);
      expect(await storage.archive.read((from) => from.note())).toBeNull();
      expect((await say(storage, 'tea', 'five')).seq).toBe(5);
    },
  },
  {
    name: 'posts that are made while all is replaced come before it or after it, and never into the midst',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const text of times(3, (at) => `before ${at}`)) await say(storage, 'tea', text);
      const all = await everything(storage.archive);
      const posting = times(12, (at) => say(storage, 'tea', `meanwhile ${at}`));
      const replacing = storage.archive.write(async (to) => {
        await to.clear();
        await putAll(to, { ...all, log: all.log.map((head) => ({ ...head, epoch: 'restored' })) });
      });
      await Promise.all([...posting, replacing]);
      const { head, entries } = await readLog(storage, 'tea');
      expect(head.epoch).toBe('restored');
      expect(entries.map(({ seq }) => seq)).toEqual(numbersTo(head.last));
      expect(entries.slice(0, 3).map(({ text }) => text)).toEqual(times(3, (at) => `before ${at}`));
      const { receipt: receipts } = await everything(storage.archive);
      expect(receipts.map(({ seq }) => seq)).toEqual(numbersTo(head.last));
    },
  },
  {
    name: 'a note is kept with the transaction that made it until it is taken away, whatever is cleared',
    async run({ storage }) {
      const noted = () => storage.archive.read((from) => from.note());
      expect(await noted()).toBeNull();
      await storage.archive.write(async (to) => {
        expect(await to.note()).toBeNull();
        await to.setNote('“half” of it 😀');
      });
      expect(await noted()).toBe('“half” of it 😀');
      await storage.archive.write(async (to) => {
        expect(await to.note()).toBe('“half” of it 😀');
        await to.setNote('two thirds');
        await to.clear();
      });
      expect(await noted()).toBe('two thirds');
      await storage.archive.write((to) => to.setNote(null));
      expect(await noted()).toBeNull();
    },
  },
  {
    name: 'what is handed out for reading out or writing in is refused when its work is over',
    async run({ storage }) {
      let from: ArchiveReader | undefined;
      let to: ArchiveWriter | undefined;
      await storage.archive.read(async (reader) => void (from = reader));
      await storage.archive.write(async (writer) => void (to = writer));
      await expect(from!.page('user', null, 1)).rejects.toThrow();
      await expect(to!.put('user', [account('zoe').state])).rejects.toThrow();
      await expect(to!.clear()).rejects.toThrow();
      expect((await everything(storage.archive)).user).toEqual([]);
    },
  },
  {
    name: 'what was written in is there again after reopening, with its note',
    when: ({ durable }) => durable,
    async run({ storage, openAgain }) {
      await furnish(storage);
      await moveOutAndIn(storage);
      await storage.archive.write((to) => to.setNote('half of it'));
      await storage.close();
      const again = await openAgain({ existing: true });
      expect(await everything(again.archive)).toEqual(expected);
      expect(await again.archive.read((from) => from.note())).toBe('half of it');
    },
  },
  {
    name: 'what is opened beside it reads out all that was acknowledged, and what it writes in counts at once',
    when: ({ durable }) => durable,
    async run({ storage, openAgain }) {
      await furnish(storage);
      const beside = await openAgain({ beside: true, existing: true });
      expect(await everything(beside.archive)).toEqual(expected);
      await beside.archive.write(async (to) => {
        await to.clear();
        await putAll(to, { ...expected, log: expected.log.map((head) => ({ ...head, epoch: 'restored' })) });
      });
      expect((await readLog(storage, 'tea')).head.epoch).toBe('restored');
      expect((await say(storage, 'tea', 'five')).seq).toBe(5);
      await beside.close();
      expect((await say(storage, 'tea', 'six')).seq).toBe(6);
    },
  },
  {
    name: 'whoever keeps what was read is told of what is written beside: before its next transaction, or else soon',
    when: ({ durable, shared }) => durable && !shared,
    async run({ storage, openAgain }) {
      await furnish(storage);
      let toldNow = () => {};
      let told = 0;
      storage.watch?.(() => {
        told += 1;
        toldNow();
      });
      const beside = await openAgain({ beside: true });
      const replace = () => beside.archive.write((to) => putAll(to, expected));
      await say(storage, 'coffee', 'of its own');
      expect(told).toBe(0);

      await replace();
      expect(await storage.transact(async () => told)).toBe(1);

      const isTold = new Promise<void>((resolve) => (toldNow = resolve));
      await replace();
      await within(2000, isTold, 'nobody was told');
      expect(told).toBe(2);
    },
  },
];
