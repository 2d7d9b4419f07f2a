import { expect, test } from '@jest/globals';
import { Callers } from '../../../src/application/live/callers.js';
import type { Storage } from '../../../src/application/ports.js';
import { MemoryStorage } from '../../../src/adapters/storage/memory/memory-storage.js';
import { refusalOf } from '../../support/refusal.js';
import { DAY, makeHouse, SECOND } from '../fixture.js';

const MINUTE = 60 * SECOND;

test('one session is one caller, until it is forgotten', () => {
  const callers = new Callers();
  const caller = callers.of('s');
  expect(callers.of('s')).toBe(caller);
  expect(callers.find('s')).toBe(caller);
  expect(callers.of('other')).not.toBe(caller);
  callers.forget(caller);
  expect(caller.isForgotten).toBe(true);
  expect(callers.find('s')).toBeUndefined();
  expect(callers.of('s')).not.toBe(caller);
});

test('who is forgotten twice does not take along who came in their place', () => {
  const callers = new Callers();
  const caller = callers.of('s');
  callers.forget(caller);
  const next = callers.of('s');
  callers.forget(caller);
  expect(callers.find('s')).toBe(next);
});

test('nothing is kept of whoever names a session that there is not', async () => {
  const { authenticate, callers, use } = makeHouse();
  for (let n = 0; n < 10; n += 1) {
    expect(await refusalOf(() => authenticate.execute(callers.of(`made up ${n}`)))).toBe('not-logged-in');
    expect(await refusalOf(() => authenticate.presume(callers.of(`made up ${n}`)))).toBe('not-logged-in');
    await use.showSession.execute(callers.of(`made up ${n}`));
  }
  expect([...callers]).toEqual([]);
});

test('nothing is kept of whoever names a session while storage is away, unless they were known before', async () => {
  const memory = new MemoryStorage();
  const away = { is: false };
  const read: Storage['read'] = (work) => (away.is ? Promise.reject(new Error('away')) : memory.read(work));
  const storage: Storage = {
    shared: false,
    read,
    transact: (work) => memory.transact(work),
    ping: () => memory.ping(),
    close: () => memory.close(),
  };
  const house = makeHouse({}, storage);
  const alice = await house.account('Alice');
  await house.as(alice);
  house.live.forget();
  away.is = true;
  for (const id of ['made up', alice.sessionId]) {
    await expect(house.authenticate.execute(house.callers.of(id))).rejects.toThrow('away');
  }
  expect([...house.callers].map(({ sessionId }) => sessionId)).toEqual([alice.sessionId]);
});

test('C02: whoever was forgotten while they waited, and heard of since, has not expired', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  await house.as(alice);
  const caller = house.callers.find(alice.sessionId)!;
  house.callers.forget(caller);
  house.clock.advance(DAY - 1);
  house.sightings.note(caller, house.clock.now());
  house.clock.advance(DAY - 1);
  expect(await house.authenticate.execute(caller)).toMatchObject({ user: { username: 'Alice' } });
});

test('whoever was not heard of for long is forgotten, and known again when they are', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  await house.as(alice);
  const caller = house.callers.find(alice.sessionId)!;
  house.clock.advance(9 * MINUTE);
  await house.sightings.store();
  expect(house.callers.find(alice.sessionId)).toBe(caller);
  house.clock.advance(2 * MINUTE);
  await house.sightings.store();
  expect(caller).toMatchObject({ isForgotten: true, standing: undefined, seat: null });
  expect(await house.authenticate.execute(caller)).toMatchObject({ user: { username: 'Alice' } });
  expect(house.sightings.of(alice.sessionId)).toBe(house.clock.now());
  expect(await house.as(alice)).toMatchObject({ user: { username: 'Alice' } });
  expect(house.callers.find(alice.sessionId)!.seenAt).toBe(house.clock.now());
});
