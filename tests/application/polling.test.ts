import { expect, test } from '@jest/globals';
import type { Known } from '../../src/application/poll-room.js';
import { makeHouse, SECOND } from './fixture.js';

/** A room of two, and what somebody knows who was told everything. */
const scene = async () => {
  const house = makeHouse();
  const [alice, bob] = [await house.account('Alice'), await house.account('Bobby')];
  const { id } = await house.createRoom(alice, 'Tea');
  for (const who of [alice, bob]) await house.enter(who, id);
  await house.post(alice, id, 'one');
  const { outlook, online } = await house.poll(alice, id);
  const known: Known = { after: 1, epoch: outlook.head.epoch, online: online!.version, hidden: false };
  const poll = async (who = alice) => house.use.pollRoom.execute(await house.as(who), id, known);
  return { house, alice, bob, id, known, poll };
};

test('B13: whoever asks again in the same words is told what is new by then, and nothing else', async () => {
  const { house, alice, bob, id, poll } = await scene();
  for (const who of [alice, bob, alice]) expect(await poll(who)).toMatchObject({ entries: [], online: null });
  await house.post(bob, id, 'two');
  for (const who of [alice, bob, alice]) expect((await poll(who)).entries.map(({ seq }) => seq)).toEqual([2]);
});

test('C10: whoever asks again in the same words is told who is online by then', async () => {
  const { house, poll } = await scene();
  for (let time = 0; time < 4; time += 1) {
    expect((await poll()).online).toBeNull();
    house.clock.advance(SECOND);
  }
  // Bobby has not asked for five seconds by then.
  house.clock.advance(SECOND);
  expect((await poll()).online!.users.map(({ username }) => username)).toEqual(['Alice']);
});

test('B18: whoever asks again in the same words is told that the room is deleted, or that they are not in it', async () => {
  const { house, alice, bob, id, poll } = await scene();
  for (const who of [alice, bob]) await poll(who);
  await house.leave(bob);
  await expect(poll(bob)).rejects.toMatchObject({ code: 'not-in-room' });
  await house.deleteRoom(alice, id);
  for (const who of [alice, bob]) await expect(poll(who)).rejects.toMatchObject({ code: 'room-deleted' });
});

test('with what somebody knows only is kept that nothing is new: anybody can make up what they know', async () => {
  const { house, alice, id, known, poll } = await scene();
  const updates = await poll();
  expect(known.answered?.updates).toBe(updates);
  expect(await poll()).toBe(updates);
  for (const madeUp of [{ after: 0 }, { after: 7 }, { epoch: 'another' }, { online: 'another' }]) {
    const other: Known = { ...known, ...madeUp, answered: undefined };
    await house.use.pollRoom.execute(await house.as(alice), id, other);
    expect(other.answered).toBeUndefined();
  }
});
