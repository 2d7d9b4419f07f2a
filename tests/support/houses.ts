import fc from 'fast-check';
import type { Everything } from '../contract/archived.js';
import { account, guest, namedRoom, NOW, session, times } from '../contract/scene.js';

/** Any text that a person can have written. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

const log = fc.record({
  epoch: fc.stringMatching(/^[a-z]{3}$/),
  first: fc.integer({ min: 1, max: 5 }),
  texts: fc.array(text, { maxLength: 4 }),
  /** How many entries’ receipts have outlived them. */
  late: fc.integer({ min: 0, max: 2 }),
  deletedBy: fc.option(text),
});

const person = fc.record({
  isGuest: fc.boolean(),
  ending: fc.constantFrom(null, 'logged-out' as const, 'taken-over' as const, 'expired' as const),
  roomAt: fc.option(fc.nat(3)),
});

const entryOf = (roomId: string, seq: number, said: string) => ({
  roomId,
  seq,
  kind: 'message' as const,
  authorId: 'id-of-user0',
  author: 'user0',
  guest: seq % 2 === 0,
  text: said,
  at: NOW + seq,
  clientMessageId: `m${seq}`,
});

const receiptOf = (roomId: string, seq: number) => ({
  roomId,
  authorId: 'id-of-user0',
  clientMessageId: `m${seq}`,
  seq,
  at: NOW + seq,
  digest: `digest ${seq}`,
});

/** Anything that may be stored, in the order in which it is read out. */
export const houses: fc.Arbitrary<Everything> = fc
  .record({ logs: fc.array(log, { maxLength: 4 }), people: fc.array(person, { minLength: 1, maxLength: 5 }) })
  .map(({ logs, people }) => {
    const rooms = logs.map((one, at) => ({
      ...one,
      id: `room${at}`,
      last: one.first - 1 + one.texts.length,
    }));
    const users = people.map(({ isGuest, roomAt }, at) => ({
      ...(isGuest ? guest(`user${at}`) : account(`user${at}`)).state,
      roomId: roomAt === null ? null : (rooms[roomAt]?.id ?? null),
    }));
    return {
      user: users,
      session: people.map(({ ending }, at) => ({
        ...session(`session${at}`, users[at]!.id).state,
        ending,
        endedAt: ending === null ? null : NOW + at,
      })),
      room: rooms.map(({ id, deletedBy }) => ({
        ...namedRoom(id, { id }).state,
        deletedBy,
        deletedAt: deletedBy === null ? null : NOW,
      })),
      log: rooms.map(({ id, epoch, first, last }) => ({ roomId: id, epoch, first, last, closed: false })),
      entry: rooms.flatMap(({ id, first, texts }) => texts.map((said, at) => entryOf(id, first + at, said))),
      receipt: rooms.flatMap(({ id, first, last, late }) => {
        const oldest = Math.max(1, first - late);
        return times(last - oldest + 1, (at) => receiptOf(id, oldest + at));
      }),
    };
  });

/** A house with so many entries in one room, and their receipts. */
export const bigHouse = (entries: number): Everything => ({
  user: [{ ...account('user0').state, roomId: 'room0' }],
  session: [session('session0', 'id-of-user0').state],
  room: [namedRoom('room0', { id: 'room0' }).state, namedRoom('room1', { id: 'room1' }).state],
  log: [
    { roomId: 'room0', epoch: 'first-epoch', first: 1, last: entries, closed: false },
    { roomId: 'room1', epoch: 'first-epoch', first: 1, last: 1, closed: false },
  ],
  entry: [
    ...times(entries, (at) => entryOf('room0', at + 1, `text ${at + 1}`)),
    entryOf('room1', 1, 'apart'),
  ],
  receipt: [...times(entries, (at) => receiptOf('room0', at + 1)), receiptOf('room1', 1)],
});
