import { expect, test } from '@jest/globals';
import { withRoom } from '../../client/src/core/listing.js';
import type { Room } from '../../client/src/core/wire.js';

const room = (name: string): Room => ({
  id: `id of ${name}`,
  name,
  creator: 'alice',
  mine: true,
  members: 0,
  capacity: 50,
});
const names = (rooms: readonly Room[]): string[] => rooms.map(({ name }) => name);

test('C03 A room that was created stands where the server will list it, whatever its case', () => {
  const rooms = ['attic', 'Kitchen', 'straße'].map(room);
  expect(names(withRoom(rooms, room('BATH')))).toEqual(['attic', 'BATH', 'Kitchen', 'straße']);
  expect(names(withRoom(rooms, room('STRASSF')))).toEqual(['attic', 'Kitchen', 'straße', 'STRASSF']);
  expect(names(withRoom([], room('first')))).toEqual(['first']);
  expect(names(rooms)).toEqual(['attic', 'Kitchen', 'straße']);
});

test('A room that a poll has brought already is not listed twice', () => {
  const rooms = ['attic', 'cellar'].map(room);
  expect(names(withRoom(rooms, room('cellar')))).toEqual(['attic', 'cellar']);
});

test('A name that this browser would not accept is listed all the same', () => {
  expect(names(withRoom([room('odd \u2800 name')], room('new')))).toEqual(['new', 'odd \u2800 name']);
});
