import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { roomListJson } from '../../src/adapters/http/room-list-json.js';
import { roomJson } from '../../src/adapters/http/rooms-and-users-json.js';
import type { RoomState } from '../../src/domain/room.js';

const readers = fc.constantFrom('one', 'two', 'three', 'nobody-else');
const room = fc.record({
  name: fc.oneof(fc.string(), fc.constantFrom('"mine":false', '","mine":true', '\u2028')),
  creatorId: fc.constantFrom('one', 'two', 'three'),
  members: fc.nat(2),
  capacity: fc.integer({ min: 2, max: 3 }),
});
const rooms = fc.array(room, { maxLength: 5 }).map((some): RoomState[] =>
  some.map((one, at) => ({
    ...one,
    id: `room${at}`,
    nameKey: one.name,
    creator: `Creator ${one.creatorId}`,
    createdAt: at,
    deletedBy: null,
    deletedAt: null,
  })),
);
const current = fc.constantFrom(null, 'room0', 'room1');

test('a list says of each room what its reader is told of it, whoever has asked for the same list before', () => {
  fc.assert(
    fc.property(
      rooms,
      fc.array(fc.tuple(readers, current), { minLength: 1, maxLength: 5 }),
      (list, asked) => {
        for (const [readerId, at] of asked) {
          expect(roomListJson(list, at, readerId).text()).toBe(
            JSON.stringify({
              success: true,
              message: list.length === 0 ? 'No rooms yet' : 'ROOMS',
              rooms: list.map((one) => roomJson(one, readerId)),
              current: at,
            }),
          );
        }
      },
    ),
  );
});

test('lists that say the same to their reader have the same tag, and lists that do not have not', () => {
  type Shown = [RoomState[], string | null, string];
  const shown: fc.Arbitrary<Shown> = fc.tuple(rooms, current, readers);
  const similar = shown.chain(([list, at, readerId]) =>
    fc.tuple(
      fc.constant<Shown>([list, at, readerId]),
      fc.oneof<fc.Arbitrary<Shown>[]>(
        shown,
        fc.tuple(fc.constant([...list]), fc.constant(at), fc.constant(readerId)),
        fc.tuple(fc.constant(list), current, readers),
        fc.tuple(
          fc.constant(list.map((one) => ({ ...one, members: 2 }))),
          fc.constant(at),
          fc.constant(readerId),
        ),
      ),
    ),
  );
  fc.assert(
    fc.property(similar, ([a, b]) => {
      const [one, other] = [roomListJson(...a), roomListJson(...b)];
      expect(one.tag === other.tag).toBe(one.text() === other.text());
      expect(one.tag).toMatch(/^W\/"[A-Za-z0-9_.-]+"$/);
    }),
    { numRuns: 500 },
  );
});

test('a list that is the same array is looked through once, however many poll it', () => {
  let looks = 0;
  const seen = (id: string): RoomState => ({
    get name() {
      looks += 1;
      return id;
    },
    id,
    nameKey: id,
    creatorId: 'one',
    creator: 'One',
    members: 0,
    capacity: 2,
    createdAt: 0,
    deletedBy: null,
    deletedAt: null,
  });
  const list = [seen('room0'), seen('room1')];
  for (const readerId of ['one', 'two', 'three', 'one']) void roomListJson(list, null, readerId).tag;
  void roomListJson(list, 'room1', 'two').text();
  expect(looks).toBe(2);
});
