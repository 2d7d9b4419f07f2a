import { expect, jest, test } from '@jest/globals';
import { refusalOf } from '../support/refusal.js';
import { HOUR, makeHouse, SECOND } from './fixture.js';

/** A room for two, full since this moment with Alice and Bobby, and Carol who wants to come in. */
const fullRoom = async () => {
  const house = makeHouse({ placeKeptMs: HOUR });
  const alice = await house.account('Alice');
  const bob = await house.account('Bobby');
  const carol = await house.account('Carol');
  const { id } = await house.createRoom(alice, 'Tea', 2);
  await house.enter(alice, id);
  await house.enter(bob, id);
  const membersOf = async () => (await house.rooms(carol)).rooms[0]!.members;
  return { house, alice, bob, carol, id, membersOf };
};

test('C09: the place of a member who is away is kept', async () => {
  const { house, carol, id, membersOf } = await fullRoom();
  house.clock.advance(HOUR - 1);
  expect(await refusalOf(() => house.enter(carol, id))).toBe('room-full');
  expect(await membersOf()).toBe(2);
});

test('a full room gives away the place of the member who did not poll for long enough', async () => {
  const { house, alice, bob, carol, id, membersOf } = await fullRoom();
  house.clock.advance(HOUR - 1);
  await house.poll(alice, id);
  house.clock.advance(1);
  await house.enter(carol, id);
  expect(await membersOf()).toBe(2);
  expect((await house.poll(alice, id)).outlook.room.members).toBe(2);
  expect(await refusalOf(() => house.poll(bob, id))).toBe('not-in-room');
  expect((await house.show(bob)).room).toBeNull();
});

test.each(['alice', 'bob'] as const)(
  'of several who are away, the one who has been away the longest makes place, not %s, who polled last',
  async (last) => {
    const { house, carol, id, ...members } = await fullRoom();
    house.clock.advance(SECOND);
    await house.poll(members[last], id);
    house.clock.advance(2 * HOUR);
    await house.enter(carol, id);
    expect((await house.show(members[last])).room?.id).toBe(id);
    expect((await house.show(members[last === 'alice' ? 'bob' : 'alice'])).room).toBeNull();
  },
);

test('whom this process never saw keeps or loses the place by when they were stored as seen', async () => {
  const { house, alice, bob, carol, id } = await fullRoom();
  house.presence.gone(id, alice.user.id);
  house.presence.gone(id, bob.user.id);
  house.clock.advance(HOUR - 1);
  expect(await refusalOf(() => house.enter(carol, id))).toBe('room-full');
  house.clock.advance(1);
  await house.enter(carol, id);
  expect((await house.show(carol)).room?.id).toBe(id);
});

test('B18: a deleted room that one is still in does not keep one from such a place', async () => {
  const { house, carol, id, membersOf } = await fullRoom();
  const other = await house.createRoom(carol, 'Water');
  await house.enter(carol, other.id);
  await house.deleteRoom(carol, other.id);
  house.clock.advance(2 * HOUR);
  await house.enter(carol, id);
  expect((await house.show(carol)).room?.id).toBe(id);
  expect(await membersOf()).toBe(2);
});

test('a room that is not full sends nobody away', async () => {
  const { house, alice, bob, carol, id } = await fullRoom();
  await house.leave(bob);
  house.clock.advance(2 * HOUR);
  await house.enter(carol, id);
  expect((await house.show(alice)).room?.id).toBe(id);
});

test('whoever is refused for another reason takes nobody’s place, and no member is looked at for it', async () => {
  const { house, bob, carol, id, membersOf } = await fullRoom();
  const other = await house.createRoom(carol, 'Water');
  await house.enter(carol, other.id);
  house.clock.advance(2 * HOUR);
  const looked = jest.spyOn(house.presence, 'lastSeenAgo');
  expect(await refusalOf(() => house.enter(carol, id))).toBe('in-another-room');
  expect(looked).not.toHaveBeenCalled();
  expect((await house.show(bob)).room?.id).toBe(id);
  expect(await membersOf()).toBe(2);
});

test('a member whom another process saw lately keeps the place, though this one saw them long ago', async () => {
  const { house, alice, bob, carol, id } = await fullRoom();
  house.clock.advance(2 * HOUR);
  for (const { sessionId } of [alice, bob]) {
    await house.storage.transact(async ({ sessions }) => {
      const session = (await sessions.get(sessionId))!;
      session.see(house.clock.now() - SECOND);
      await sessions.save(session);
    });
  }
  expect(await refusalOf(() => house.enter(carol, id))).toBe('room-full');
});

test('whoever lost the place can take another one, and is counted once', async () => {
  const { house, alice, bob, carol, id, membersOf } = await fullRoom();
  house.clock.advance(HOUR);
  await house.enter(carol, id);
  await house.leave(alice);
  await house.leave(bob);
  await house.enter(bob, id);
  expect(await membersOf()).toBe(2);
});
