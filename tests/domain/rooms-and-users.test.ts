import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoomName } from '../../src/domain/room-name.js';
import { Room } from '../../src/domain/room.js';
import { User } from '../../src/domain/user.js';
import { readUsername } from '../../src/domain/username.js';
import { refused, whatIsTold } from './refused.js';

const roomNamed = (name: string, capacity = 10, creator = { id: 'creator', username: 'Creator' }) =>
  Room.create({ id: `id-of-${name}`, name: readRoomName(name), capacity }, creator, 1);
const guestNamed = (name: string) => User.guest(`id-of-${name}`, readUsername(name), 1);
const CREATOR = { id: 'creator', username: 'Creator' };

test('B10, C09: whatever happens, a user is in one room, rooms count who is in them, and none holds too many', () => {
  const actions = fc.record({
    kind: fc.constantFrom('enter', 'enter', 'enter', 'leave', 'delete', 'reload'),
    user: fc.nat(5),
    room: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 80 }), (todo) => {
      const rooms = [roomNamed('One', 2), roomNamed('Two', 3), roomNamed('Three', 4)];
      const users = Array.from({ length: 6 }, (_, n) => guestNamed(`guest${n}`));
      const roomOf = (user: User) => rooms.find(({ id }) => user.isIn(id)) ?? null;
      for (const { kind, user: n, room: r } of todo) {
        const user = users[n]!;
        const room = rooms[r]!;
        const before = user.roomId;
        if (kind === 'leave') user.leave(roomOf(user));
        if (kind === 'delete') refused(() => room.delete(CREATOR, 2));
        if (kind === 'reload') users[n] = new User(user.state);
        if (kind === 'reload') rooms[r] = new Room(room.state);
        if (kind === 'enter') {
          const code = refused(() => user.enter(room, roomOf(user)));
          expect(user.roomId).toBe(code === null ? room.id : before);
        }
        for (const each of rooms) {
          expect(each.state.members).toBe(users.filter((one) => one.isIn(each.id)).length);
          expect(each.state.members).toBeLessThanOrEqual(each.state.capacity);
        }
      }
    }),
  );
});

test('a new room is empty, open, and its creator’s', () => {
  expect(roomNamed(' Tea ', 7).state).toEqual({
    id: 'id-of- Tea ',
    name: 'Tea',
    nameKey: 'tea',
    creatorId: 'creator',
    creator: 'Creator',
    capacity: 7,
    members: 0,
    createdAt: 1,
    deletedBy: null,
    deletedAt: null,
  });
});

test('B10: a second room is refused with the room that the user is in', () => {
  const alice = guestNamed('Alice');
  const tea = roomNamed('Tea');
  alice.enter(tea, null);
  const error = whatIsTold(() => alice.enter(roomNamed('Water'), tea));
  expect(error).toMatchObject({ kind: 'conflict', code: 'in-another-room', details: { room: tea.state } });
  expect(error.message).toContain('Tea');
});

test('entering the room that one is in changes nothing, even when it is full', () => {
  const tea = roomNamed('Tea', 2);
  const [alice, bob] = [guestNamed('Alice'), guestNamed('Bobby')];
  alice.enter(tea, null);
  bob.enter(tea, null);
  alice.enter(tea, tea);
  expect(tea.state.members).toBe(2);
});

test('C09: one more than a room holds is refused, and the refusal says how many it holds', () => {
  const tea = roomNamed('Tea', 2);
  guestNamed('Alice').enter(tea, null);
  guestNamed('Bobby').enter(tea, null);
  const carol = guestNamed('Carol');
  const error = whatIsTold(() => carol.enter(tea, null));
  expect(error).toMatchObject({ kind: 'conflict', code: 'room-full' });
  expect(error.message).toMatch(/“Tea” is full: it holds 2/);
  expect(carol.roomId).toBeNull();
});

test('B10, B18: a deleted room holds nobody back', () => {
  const [tea, water] = [roomNamed('Tea'), roomNamed('Water')];
  const alice = guestNamed('Alice');
  alice.enter(tea, null);
  tea.delete(CREATOR, 2);
  alice.enter(water, tea);
  expect([alice.roomId, tea.state.members, water.state.members]).toEqual([water.id, 0, 1]);
});

test('B17: a room is deleted by its creator, by nobody else, and once', () => {
  const tea = roomNamed('Tea');
  const namesake = { id: 'another', username: 'Creator' };
  expect(whatIsTold(() => tea.delete(namesake, 2))).toMatchObject({
    kind: 'forbidden',
    code: 'not-the-creator',
  });
  expect(tea.isDeleted).toBe(false);
  tea.delete(CREATOR, 2);
  expect(tea.state).toMatchObject({ deletedBy: 'Creator', deletedAt: 2 });
  expect(refused(() => tea.delete(CREATOR, 3))).toBe('room-deleted');
  expect(refused(() => tea.delete(namesake, 3))).toBe('room-deleted');
});

test('B18: a deleted room lets nobody in, and tells what it was and who deleted it', () => {
  const tea = roomNamed('Tea');
  tea.delete(CREATOR, 2);
  expect(refused(() => tea.admit())).toBe('room-deleted');
  expect(whatIsTold(() => guestNamed('Alice').enter(tea, null))).toMatchObject({
    kind: 'gone',
    code: 'room-deleted',
    details: { room: { id: tea.id, name: 'Tea', deleted: true, deletedBy: 'Creator' }, deletedBy: 'Creator' },
  });
});

test('B18: whoever is in a room when it is deleted stays, and is counted, until they leave', () => {
  const tea = roomNamed('Tea');
  const alice = guestNamed('Alice');
  alice.enter(tea, null);
  tea.delete(CREATOR, 2);
  expect(refused(() => alice.enter(tea, tea))).toBe('room-deleted');
  expect(alice.isIn(tea.id)).toBe(true);
  alice.leave(tea);
  expect([alice.roomId, tea.state.members]).toEqual([null, 0]);
});

test('C01: who has a password is an account, who has none a guest', () => {
  expect(guestNamed('Alice').isGuest).toBe(true);
  expect(User.account('id', readUsername('Alice'), 'hash', 1).isGuest).toBe(false);
});

test('A16: a user’s name is shown as it was typed and found without regard to case', () => {
  expect(guestNamed('AliCe').state).toMatchObject({ username: 'AliCe', usernameKey: 'alice' });
});
