import { expect, test } from '@jest/globals';
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

test('of several who are away, the one who has been away the longest makes place', async () => {
  const { house, alice, bob, carol, id } = await fullRoom();
  house.clock.advance(SECOND);
  await house.poll(alice, id);
  house.clock.advance(2 * HOUR);
  await house.enter(carol, id);
  expect((await house.show(alice)).room?.id).toBe(id);
  expect((await house.show(bob)).room).toBeNull();
});

test('a room that is not full sends nobody away', async () => {
  const { house, alice, bob, carol, id } = await fullRoom();
  await house.leave(bob);
  house.clock.advance(2 * HOUR);
  await house.enter(carol, id);
  expect((await house.show(alice)).room?.id).toBe(id);
});

test('whoever is refused for another reason takes nobody’s place', async () => {
  const { house, bob, carol, id, membersOf } = await fullRoom();
  const other = await house.createRoom(carol, 'Water');
  await house.enter(carol, other.id);
  house.clock.advance(2 * HOUR);
  expect(await refusalOf(() => house.enter(carol, id))).toBe('in-another-room');
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
