import { expect, test } from '@jest/globals';
import { Callers } from '../../src/application/live/callers.js';
import { Sightings } from '../../src/application/sightings.js';
import type { UnitOfWork } from '../../src/application/ports.js';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { Session } from '../../src/domain/session.js';
import { TestClock } from '../support/test-clock.js';
import { DAY, HOUR, SECOND } from './fixture.js';
import { settle } from './slow-storage.js';

const MINUTE = 60 * SECOND;
const RULES = { sessionIdleMs: 7 * DAY, placeKeptMs: DAY };

/** A session `s`, begun now, and how many transactions there were since. */
const scene = async (rules = RULES) => {
  const memory = new MemoryStorage();
  const clock = new TestClock();
  await memory.transact(({ sessions }) => sessions.save(Session.begin('s', 'user', clock.now())));
  const counted = { transactions: 0 };
  const storage: UnitOfWork = {
    read: (work) => memory.read(work),
    transact: (work) => {
      counted.transactions += 1;
      return memory.transact(work);
    },
  };
  const callers = new Callers();
  const sightings = new Sightings(callers, storage, clock, rules);
  const storedAt = async () => (await memory.read((from) => from.standings(['s'])))[0]!.session.seenAt;
  return { memory, clock, callers, sightings, counted, storedAt };
};

test('a session that was not heard of here was never seen here', async () => {
  const { callers, sightings } = await scene();
  expect(sightings.of('s')).toBe(0);
  sightings.note(callers.of('s'), 5);
  expect(sightings.of('s')).toBe(5);
});

test('a poll a second is stored once in five minutes, not once a poll', async () => {
  const { clock, callers, sightings, counted } = await scene();
  for (let n = 0; n < 50 * 60; n++) {
    sightings.note(callers.of('s'), clock.now());
    clock.advance(SECOND);
    await sightings.store();
  }
  expect(counted.transactions).toBeLessThanOrEqual(10);
  expect(counted.transactions).toBeGreaterThanOrEqual(8);
});

test('what storage is known to say of a session is not stored again: neither a new one nor one that others see', async () => {
  const { memory, clock, callers, sightings, counted, storedAt } = await scene();
  const caller = callers.of('s');
  const seenAfter = async (ms: number) => {
    [caller.standing] = await memory.read((from) => from.standings(['s']));
    clock.advance(ms);
    sightings.note(caller, clock.now());
    await sightings.store();
  };
  await seenAfter(5 * MINUTE);
  expect(counted.transactions).toBe(0);
  await seenAfter(1);
  expect(counted.transactions).toBe(1);
  expect(await storedAt()).toBe(clock.now());
  await seenAfter(5 * MINUTE);
  expect(counted.transactions).toBe(1);
});

test('what is stored is never further behind than the coarseness, which the rules can bear', async () => {
  const { clock, callers, sightings, storedAt } = await scene({
    sessionIdleMs: 10 * MINUTE,
    placeKeptMs: DAY,
  });
  expect(sightings.coarsenessMs).toBe(MINUTE);
  for (let n = 0; n < 300; n++) {
    clock.advance(SECOND);
    sightings.note(callers.of('s'), clock.now());
    await sightings.store();
    expect(clock.now() - (await storedAt())).toBeLessThanOrEqual(sightings.coarsenessMs);
  }
});

test('a short life of sessions, or of places, makes sightings finer, but never so fine that each poll is stored', async () => {
  expect((await scene({ sessionIdleMs: 30 * SECOND, placeKeptMs: DAY })).sightings.coarsenessMs).toBe(
    3 * SECOND,
  );
  expect((await scene({ sessionIdleMs: DAY, placeKeptMs: 20 * SECOND })).sightings.coarsenessMs).toBe(
    2 * SECOND,
  );
  expect((await scene({ sessionIdleMs: DAY, placeKeptMs: 0 })).sightings.coarsenessMs).toBe(SECOND);
});

test('at the end everything is stored', async () => {
  const { clock, callers, sightings, storedAt } = await scene();
  sightings.note(callers.of('s'), clock.now());
  await sightings.store();
  clock.advance(SECOND);
  sightings.note(callers.of('s'), clock.now());
  await sightings.store(0);
  expect(await storedAt()).toBe(clock.now());
});

test('whoever was not heard of for long is forgotten here, and not in storage', async () => {
  const { clock, callers, sightings, storedAt } = await scene();
  clock.advance(MINUTE);
  const seen = clock.now();
  sightings.note(callers.of('s'), seen);
  clock.advance(HOUR);
  await sightings.store();
  expect(sightings.of('s')).toBe(0);
  expect(await storedAt()).toBe(seen);
});

test('a sighting that could not be stored is stored later', async () => {
  const { memory, clock, callers, sightings, storedAt } = await scene();
  clock.advance(HOUR);
  sightings.note(callers.of('s'), clock.now());
  const transact = memory.transact.bind(memory);
  memory.transact = () => Promise.reject(new Error('no storage'));
  await expect(sightings.store()).rejects.toThrow('no storage');
  memory.transact = transact;
  await sightings.store();
  expect(await storedAt()).toBe(clock.now());
});

test('a session that has ended is seen no more', async () => {
  const { memory, clock, callers, sightings, storedAt } = await scene();
  const begun = clock.now();
  await memory.transact(async ({ sessions }) => {
    const session = (await sessions.get('s'))!;
    session.end('logged-out', begun);
    await sessions.save(session);
  });
  sightings.note(callers.of('s'), begun + HOUR);
  sightings.note(callers.of('unknown'), begun + HOUR);
  await sightings.store();
  expect(await storedAt()).toBe(begun);
});

test('many sightings are stored ten at a time with rests between, so that nobody waits long behind them; at the end, all at once', async () => {
  const { memory, clock, callers, sightings, counted } = await scene();
  const ids = Array.from({ length: 90 }, (_, n) => `s${n}`);
  await memory.transact(async ({ sessions }) => {
    for (const id of ids) await sessions.save(Session.begin(id, `user of ${id}`, clock.now()));
  });
  clock.advance(HOUR);
  for (const id of ids) sightings.note(callers.of(id), clock.now());
  const stored: number[] = [];
  await sightings.store(undefined, async () => {
    const standings = await memory.read((from) => from.standings(ids));
    stored.push(standings.filter(({ session }) => session.seenAt === clock.now()).length);
    const before = counted.transactions;
    await settle();
    expect(counted.transactions).toBe(before);
  });
  expect(stored).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);

  const before = counted.transactions;
  clock.advance(HOUR);
  for (const id of ids) sightings.note(callers.of(id), clock.now());
  await sightings.store(0);
  expect(counted.transactions - before).toBe(1);
});

test('what is stored of a session is when it was last seen as its turn comes, not as the first one’s did', async () => {
  const { memory, clock, callers, sightings } = await scene();
  const ids = Array.from({ length: 11 }, (_, n) => `s${n}`);
  await memory.transact(async ({ sessions }) => {
    for (const id of ids) await sessions.save(Session.begin(id, `user of ${id}`, clock.now()));
  });
  clock.advance(HOUR);
  for (const id of ids) sightings.note(callers.of(id), clock.now());
  await sightings.store(undefined, async () => {
    clock.advance(SECOND);
    sightings.note(callers.of('s10'), clock.now() - 1);
  });
  const [first, last] = await memory.read((from) => from.standings(['s0', 's10']));
  expect(last!.session.seenAt - first!.session.seenAt).toBe(SECOND - 1);
});

test('sessions are locked in one order, so that processes that store the same ones never wait in a circle', async () => {
  const { memory, clock } = await scene();
  const locked: string[] = [];
  const storage: UnitOfWork = {
    read: (work) => memory.read(work),
    transact: (work) =>
      memory.transact((to) =>
        work({
          ...to,
          sessions: {
            ...to.sessions,
            get: (id) => {
              locked.push(id);
              return to.sessions.get(id);
            },
          },
        }),
      ),
  };
  const callers = new Callers();
  const sightings = new Sightings(callers, storage, clock, RULES);
  for (const id of ['c', 'a', 'd', 'b']) sightings.note(callers.of(id), clock.now());
  await sightings.store();
  expect(locked).toEqual(['a', 'b', 'c', 'd']);
});
