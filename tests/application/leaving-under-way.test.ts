import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { refusalOf } from '../support/refusal.js';
import { makeHouse } from './fixture.js';
import { Gate, settle, slowReads } from './slow-storage.js';

/** Two members of one room, on a storage whose reads are answered when the gate is open. */
const scene = async (shared: boolean) => {
  const memory = new MemoryStorage();
  const gate = new Gate();
  const { read, transact } = slowReads(memory, gate);
  const house = makeHouse(
    {},
    { shared, read, transact, ping: () => memory.ping(), close: () => memory.close() },
  );
  const [alice, bob] = [await house.account('Alice'), await house.account('Bobby')];
  const { id } = await house.createRoom(bob, 'Tea');
  await house.enter(alice, id);
  await house.enter(bob, id);
  return {
    house,
    gate,
    alice,
    bob,
    id,
    names: () => house.presence.online(id).users.map(({ username }) => username),
  };
};

const WAYS = ['leaves', 'logs out'] as const;
const STORAGES = [
  { storage: 'its own', shared: false },
  { storage: 'a shared', shared: true },
];

test.each(WAYS.flatMap((way) => STORAGES.map((one) => ({ way, ...one }))))(
  'C10: whoever $way while a poll of theirs is under way, on $storage storage, is off the list',
  async ({ way, shared }) => {
    const { house, gate, alice, bob, id, names } = await scene(shared);
    const asker = await house.as(alice);
    // What was written since has to be read.
    await house.post(bob, id, 'hello');
    gate.close();
    const poll = refusalOf(() => house.poll(alice, id));
    await settle();
    expect(gate.queued).toBe(1);
    house.clock.advance(1);
    await (way === 'leaves' ? house.use.leaveRoom.execute(asker) : house.logOut(alice));
    expect(names()).toEqual(['Bobby']);
    gate.open();
    expect(await poll).toBeNull();
    expect(names()).toEqual(['Bobby']);
  },
);

test.each(STORAGES)(
  'C10: whoever leaves before their entering is answered, on $storage storage, is off the list',
  async ({ shared }) => {
    const { house, gate, alice, id, names } = await scene(shared);
    await house.leave(alice);
    const asker = await house.as(alice);
    gate.close();
    const entering = house.use.enterRoom.execute(asker, id);
    await settle();
    expect(gate.queued).toBe(1);
    house.clock.advance(1);
    await house.use.leaveRoom.execute(asker);
    gate.open();
    await entering;
    expect(names()).toEqual(['Bobby']);
    await house.enter(alice, id);
    expect(names()).toEqual(['Alice', 'Bobby']);
  },
);
