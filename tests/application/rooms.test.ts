import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { refusal, refusalOf } from '../support/refusal.js';
import { makeHouse } from './fixture.js';
import { interruptible } from './slow-storage.js';

const peopled = async (rules: { roomCapacity?: number } = {}) => {
  const house = makeHouse(rules);
  const alice = await house.account('Alice');
  const bob = await house.account('Bobby');
  return { house, alice, bob };
};

test('B05: whoever creates a room is its creator, and not in it yet', async () => {
  const { house, alice } = await peopled();
  const room = await house.createRoom(alice, ' Tea  ');
  expect(room).toMatchObject({ name: 'Tea', creatorId: alice.user.id, creator: 'Alice', members: 0 });
  expect((await house.show(alice)).room).toBeNull();
});

test('C03: a room whose name is taken is refused, however the name is written', async () => {
  const { house, alice, bob } = await peopled();
  await house.createRoom(alice, 'Straße');
  const error = await refusal(() => house.createRoom(bob, ' STRASSE '));
  expect(error).toMatchObject({ kind: 'conflict', code: 'room-name-taken', details: { field: 'name' } });
});

test('C03: of many who want one room name at once, one gets it', async () => {
  const { house, alice, bob } = await peopled();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => refusalOf(() => house.createRoom(n % 2 ? alice : bob, 'Tea'))),
  );
  expect(outcomes.filter((code) => code === null)).toHaveLength(1);
});

test('C09: a room’s capacity is its creator’s choice, or else the house’s', async () => {
  const { house, alice } = await peopled({ roomCapacity: 7 });
  expect((await house.createRoom(alice, 'One')).capacity).toBe(7);
  expect((await house.createRoom(alice, 'Two', 3)).capacity).toBe(3);
  expect(await refusalOf(() => house.createRoom(alice, 'Three', 1))).toBe('invalid-capacity');
});

test('B04, C04: all current rooms are listed by name, with their members, and the one that the asker is in', async () => {
  const { house, alice, bob } = await peopled();
  expect(await house.rooms(alice)).toEqual({ rooms: [], current: null });
  const tea = await house.createRoom(alice, 'tea');
  await house.createRoom(bob, 'Beer');
  await house.enter(alice, tea.id);
  const { rooms, current } = await house.rooms(alice);
  expect(rooms.map(({ name, members }) => [name, members])).toEqual([
    ['Beer', 0],
    ['tea', 1],
  ]);
  expect(current).toBe(tea.id);
  expect((await house.rooms(bob)).current).toBeNull();
});

test('B06: whoever enters gets the room’s history, and the list of who is online', async () => {
  const { house, alice, bob } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  await house.post(alice, id, 'hello');
  const { outlook, updates } = await house.enter(bob, id);
  expect(outlook.room.members).toBe(2);
  expect(updates).toMatchObject({ entries: [{ text: 'hello' }], missed: 0, reset: false });
  expect(updates.online?.users).toMatchObject([
    { username: 'Alice', away: false },
    { username: 'Bobby', away: false },
  ]);
});

test('B06: whoever enters a room of more entries than an answer holds gets the oldest kept, and asks for more', async () => {
  const house = makeHouse({ roomHistory: 300 });
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  for (let n = 1; n <= 310; n++) await house.post(alice, id, `${n}`);
  const { updates } = await house.enter(alice, id);
  expect(updates).toMatchObject({ missed: 0, reset: false, more: true });
  expect(updates.entries[0]?.seq).toBe(11);
  expect(updates.entries.at(-1)?.seq).toBe(210);
});

test('B18: whoever is in no room, or in another, is told of a deleted room too, before it is said that they are not in it', async () => {
  const { house, alice, bob } = await peopled();
  const [tea, water] = [await house.createRoom(alice, 'Tea'), await house.createRoom(bob, 'Water')];
  await house.enter(bob, water.id);
  await house.deleteRoom(alice, tea.id);
  for (const who of [alice, bob]) {
    expect(await refusalOf(() => house.poll(who, tea.id))).toBe('room-deleted');
    expect(await refusalOf(() => house.post(who, tea.id, 'hello'))).toBe('room-deleted');
    expect(await refusalOf(() => house.enter(who, tea.id))).toBe('room-deleted');
  }
});

test('entering the room that one is in is answered in the same way, and counts nobody twice', async () => {
  const { house, alice } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea');
  const first = await house.enter(alice, id);
  const again = await house.enter(alice, id);
  expect(again).toEqual(first);
  expect(again.outlook.room.members).toBe(1);
});

test('B10: a second room is refused, and the refusal says which room the user is in', async () => {
  const { house, alice } = await peopled();
  const one = await house.createRoom(alice, 'One');
  const two = await house.createRoom(alice, 'Two');
  await house.enter(alice, one.id);
  const error = await refusal(() => house.enter(alice, two.id));
  expect(error).toMatchObject({ code: 'in-another-room', details: { room: { id: one.id, name: 'One' } } });
});

test('B10: of eight rooms entered at once, the user is in one', async () => {
  const { house, alice } = await peopled();
  const ids: string[] = [];
  for (let n = 0; n < 8; n++) ids.push((await house.createRoom(alice, `Room ${n}`)).id);
  const outcomes = await Promise.all(ids.map((id) => refusalOf(() => house.enter(alice, id))));
  expect(outcomes.filter((code) => code === null)).toHaveLength(1);
  const { rooms } = await house.rooms(alice);
  expect(rooms.reduce((sum, { members }) => sum + members, 0)).toBe(1);
});

test('C09: of twenty who want the last place at once, one gets it', async () => {
  const { house, alice } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea', 2);
  await house.enter(alice, id);
  const others = await Promise.all(Array.from({ length: 20 }, (_, n) => house.guest(`guest${n}`)));
  const outcomes = await Promise.all(others.map((who) => refusalOf(() => house.enter(who, id))));
  expect(outcomes.filter((code) => code === null)).toHaveLength(1);
  expect(outcomes.filter((code) => code === 'room-full')).toHaveLength(19);
});

test('B10, C09: whoever is in another room hears of that, not that the second one is full', async () => {
  const { house, alice, bob } = await peopled();
  const one = await house.createRoom(alice, 'One');
  const two = await house.createRoom(alice, 'Two', 2);
  await house.enter(alice, one.id);
  await house.enter(bob, two.id);
  await house.enter(await house.guest('Carol'), two.id);
  expect(await refusalOf(() => house.enter(alice, two.id))).toBe('in-another-room');
});

test('B09, C11: whoever left a room can enter another, and reads the first no more', async () => {
  const { house, alice } = await peopled();
  const one = await house.createRoom(alice, 'One');
  const two = await house.createRoom(alice, 'Two');
  await house.enter(alice, one.id);
  await house.leave(alice);
  await house.leave(alice);
  await house.enter(alice, two.id);
  expect(await refusalOf(() => house.poll(alice, one.id))).toBe('not-in-room');
  expect((await house.rooms(alice)).rooms.map(({ members }) => members)).toEqual([0, 1]);
});

test('C10: whoever leaves is off the list at once', async () => {
  const { house, alice, bob } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  await house.enter(bob, id);
  await house.leave(bob);
  expect((await house.poll(alice, id)).online?.users.map(({ username }) => username)).toEqual(['Alice']);
});

test('B17: no one but its creator deletes a room', async () => {
  const { house, alice, bob } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea');
  expect(await refusalOf(() => house.deleteRoom(bob, id))).toBe('not-the-creator');
  await house.deleteRoom(alice, id);
  expect((await house.rooms(bob)).rooms).toEqual([]);
  expect(await refusalOf(() => house.deleteRoom(alice, id))).toBe('room-deleted');
});

test('B17: a guest who takes a name that created a room did not create it', async () => {
  const { house } = await peopled();
  const guest = await house.guest('Carol');
  const { id } = await house.createRoom(guest, 'Tea');
  await house.logOut(guest);
  const namesake = await house.guest('Carol');
  expect(await refusalOf(() => house.deleteRoom(namesake, id))).toBe('not-the-creator');
});

test('B18: whoever was in a deleted room is told, until they leave it', async () => {
  const { house, alice, bob } = await peopled();
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(bob, id);
  await house.deleteRoom(alice, id);
  const error = await refusal(() => house.poll(bob, id));
  expect(error).toMatchObject({
    kind: 'gone',
    code: 'room-deleted',
    details: { room: { id, name: 'Tea', deleted: true, deletedBy: 'Alice' }, deletedBy: 'Alice' },
  });
  expect((await house.show(bob)).room).toMatchObject({ id, deletedBy: 'Alice' });
  expect((await house.rooms(bob)).current).toBeNull();
  await house.leave(bob);
  expect((await house.show(bob)).room).toBeNull();
});

test('B10, B18: a deleted room holds nobody back from entering another', async () => {
  const { house, alice, bob } = await peopled();
  const one = await house.createRoom(alice, 'One');
  const two = await house.createRoom(alice, 'Two');
  await house.enter(bob, one.id);
  await house.deleteRoom(alice, one.id);
  await house.enter(bob, two.id);
  expect((await house.show(bob)).room!.id).toBe(two.id);
  expect(house.presence.lastSeenAgo(one.id, bob.user.id)).toBeUndefined();
});

test('B17: a deleted room’s name is free at once, its history is gone, and its id means what it meant', async () => {
  const { house, alice } = await peopled();
  const old = await house.createRoom(alice, 'Tea');
  await house.enter(alice, old.id);
  await house.post(alice, old.id, 'hello');
  await house.deleteRoom(alice, old.id);
  const made = await house.createRoom(alice, 'tea');
  await house.enter(alice, made.id);
  expect((await house.poll(alice, made.id)).entries).toEqual([]);
  expect(made.id).not.toBe(old.id);
  expect(await refusalOf(() => house.enter(alice, old.id))).toBe('room-deleted');
});

test('what is no id, and an id of no room, are told apart', async () => {
  const { house, alice } = await peopled();
  for (const attempt of [house.enter, house.deleteRoom, house.poll]) {
    expect(await refusalOf(() => attempt(alice, 'no id!'))).toBe('invalid-room-id');
    expect(await refusalOf(() => attempt(alice, 'nowhere'))).toBe('no-such-room');
  }
});

test('B18: a room that is deleted while somebody enters it is answered as deleted', async () => {
  const { storage, afterNextCommit } = interruptible(new MemoryStorage());
  const house = makeHouse({}, storage);
  const alice = await house.account('Alice');
  const bob = await house.account('Bobby');
  const { id } = await house.createRoom(alice, 'Tea');
  afterNextCommit(() => house.deleteRoom(alice, id));
  expect(await refusalOf(() => house.enter(bob, id))).toBe('room-deleted');
  expect((await house.show(bob)).room).toMatchObject({ deletedBy: 'Alice' });
});
