import { expect, test } from '@jest/globals';
import { readRoute, roomPath } from '../../client/src/core/routes.js';
import { where } from '../../client/src/core/where.js';
import type { Session } from '../../client/src/core/wire.js';

const user = { id: 'u', username: 'alice', guest: false };
const room = { id: 'r1', name: 'Kitchen', creator: 'alice', mine: true, members: 1, capacity: 9 };
const settings = { pollIntervalMs: 1000 };
const session = (more: Partial<Session>): Session => ({ user, room: null, settings, ...more });
const at = (path: string, more: Partial<Session>) => where(session(more), readRoute(path));

test('B04 Whoever is logged in and in no room sees the rooms', () => {
  expect(at('/', {})).toEqual({ view: 'rooms', user, elsewhere: null });
  expect(at('/rooms', {})).toEqual({ view: 'rooms', user, elsewhere: null });
});

test('C08 Whoever is in a room comes back to it from the first page and from its own address', () => {
  expect(at('/', { room })).toEqual({ view: 'enter', user, roomId: 'r1' });
  expect(at('/rooms/r1', { room })).toEqual({ view: 'enter', user, roomId: 'r1' });
});

test('B10 B11 The address of another room, or of the list, does not outrank the server’s word on where the user is', () => {
  expect(at('/rooms/r2', { room })).toEqual({ view: 'rooms', user, elsewhere: room });
  expect(at('/rooms', { room })).toEqual({ view: 'rooms', user, elsewhere: room });
});

test('The address of a room asks to enter it, for a user who is in none', () => {
  expect(at('/rooms/r2', {})).toEqual({ view: 'enter', user, roomId: 'r2' });
});

test('B18 Whoever was in a room that was deleted is told, whatever the address', () => {
  const deleted = { id: 'r1', name: 'Kitchen', deleted: true, deletedBy: 'bobby' } as const;
  for (const path of ['/', '/rooms', '/rooms/r1', '/rooms/r2']) {
    expect(at(path, { room: deleted })).toEqual({ view: 'deleted', user, room: deleted });
  }
});

test('B01 Whoever is not logged in is welcomed, and told why when a session ended', () => {
  expect(at('/rooms/r1', { user: null })).toEqual({ view: 'welcome', ended: null });
  expect(at('/', { user: null, ended: 'expired' })).toEqual({ view: 'welcome', ended: 'expired' });
});

test('Addresses are read as they are written', () => {
  expect(readRoute(roomPath('a_-9'))).toEqual({ page: 'room', roomId: 'a_-9' });
  for (const path of ['/rooms/a/b', '/rooms/%20', '/x', '/rooms/..'])
    expect(readRoute(path).page).toBe('unknown');
});
