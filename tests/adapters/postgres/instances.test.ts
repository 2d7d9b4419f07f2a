import { afterAll, afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { Caller, Callers } from '../../../src/application/live/callers.js';
import { Live } from '../../../src/application/live/live.js';
import { Session } from '../../../src/domain/session.js';
import { User } from '../../../src/domain/user.js';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { steadyPace } from '../../../src/adapters/system/steady-pace.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { addGuest, addRoom, allEntries, open, post } from './scene.js';

const INSTANCES = 4;

let place: Place;
let instances: { storage: OpenedStorage; live: Live }[];
beforeEach(async () => {
  place = await newPlace();
  const opened = await Promise.all(Array.from({ length: INSTANCES }, () => open(place.address)));
  instances = opened.map((storage) => ({
    storage,
    live: new Live(storage, new Callers(), storage.shared, steadyPace),
  }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(instances.map(({ storage }) => storage.close()));
  await place.dispose();
});
afterAll(stopOwnServer);

const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Reads on as a client does: only what is newer than what it has. */
class Reader {
  readonly seen: number[] = [];

  async poll(live: Live, roomId: string): Promise<void> {
    await live.catchUp();
    const { head, entries } = (await live.outlook(roomId))!;
    const after = this.seen.at(-1) ?? 0;
    this.seen.push(...entries.map(({ seq }) => seq).filter((seq) => seq > after));
    expect(this.seen.at(-1) ?? 0).toBe(head.last);
  }
}

const outlookBy = async ({ live }: { live: Live }) => {
  await live.catchUp();
  return live.outlook('room');
};

test('a poll that starts after a post was acknowledged anywhere includes it', async () => {
  await addRoom(instances[0]!.storage, 'room');
  for (const seq of numbers(40)) {
    const polls = instances.map(outlookBy);
    expect((await post(some(instances).storage, 'room', `${seq}`)).seq).toBe(seq);
    const outlooks = await Promise.all(instances.map(outlookBy));
    expect(outlooks.map((outlook) => outlook!.head.last)).toEqual(instances.map(() => seq));
    await Promise.all(polls);
  }
});

test('polls through any instance miss nothing of what is posted through any other, whatever the order', async () => {
  await addRoom(instances[0]!.storage, 'room');
  let acknowledged = 0;
  const writers = numbers(8).map(async (writer) => {
    for (const n of numbers(15)) {
      const { seq } = await post(some(instances).storage, 'room', `${writer}-${n}`);
      acknowledged = Math.max(acknowledged, seq);
    }
  });
  const readers = numbers(6).map(async () => {
    const reader = new Reader();
    while ((reader.seen.at(-1) ?? 0) < 120) {
      const atLeast = acknowledged;
      await reader.poll(some(instances).live, 'room');
      expect(reader.seen.at(-1) ?? 0).toBeGreaterThanOrEqual(atLeast);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
    }
    return reader.seen;
  });
  await Promise.all(writers);
  for (const seen of await Promise.all(readers)) expect(seen).toEqual(numbers(120));
  for (const { storage } of instances) {
    expect((await allEntries(storage, 'room')).map(({ seq }) => seq)).toEqual(numbers(120));
  }
});

test('posts and polls in any order through any instance give every reader one log', async () => {
  const step = fc.record({
    does: fc.constantFrom('post', 'poll', 'pause'),
    room: fc.nat(1),
    instance: fc.nat(INSTANCES - 1),
    waits: fc.boolean(),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      run += 1;
      const rooms = [0, 1].map((room) => `room ${run}-${room}`);
      for (const room of rooms) await addRoom(instances[0]!.storage, room);
      const readers = rooms.map(() => new Reader());
      const polled = rooms.map(() => Promise.resolve());
      const posted = [0, 0];
      const underWay: Promise<unknown>[] = [];
      for (const [at, { does, room, instance, waits }] of steps.entries()) {
        const { storage, live } = instances[instance]!;
        if (does === 'post') posted[room]! += 1;
        if (does === 'poll') polled[room] = polled[room]!.then(() => readers[room]!.poll(live, rooms[room]!));
        const work = does === 'post' ? post(storage, rooms[room]!, `${at}`) : polled[room]!;
        underWay.push(work);
        if (waits) await work;
      }
      await Promise.all(underWay);
      for (const [at, room] of rooms.entries()) {
        await readers[at]!.poll(instances[at]!.live, room);
        expect(readers[at]!.seen).toEqual(numbers(posted[at]!));
      }
    }),
    { numRuns: 15 },
  );
});

test('idle polls that wait at the same moment share their queries', async () => {
  const { storage, live } = instances[0]!;
  for (const room of numbers(5)) await addRoom(storage, `room ${room}`);
  for (const guest of numbers(100)) await addGuest(storage, `guest ${guest}`);
  const callers = numbers(100).map((guest) => new Caller(`session-of-guest ${guest}`));
  const pollAll = async (): Promise<(string | undefined)[]> => {
    const queries = jest.spyOn(pg.Client.prototype, 'query').mockClear();
    const polls = numbers(200).map(async (n) => {
      await live.catchUp();
      const standing = await live.standing(callers[n % 100]!);
      const outlook = await live.outlook(`room ${1 + (n % 5)}`);
      return standing !== undefined && outlook !== undefined;
    });
    expect(await Promise.all(polls)).toEqual(polls.map(() => true));
    return queries.mock.calls.map(([query]) => (query as { name?: string }).name).filter(Boolean);
  };
  await live.catchUp();
  expect(new Set(await pollAll())).toEqual(new Set(['changes', 'standings', 'outlooks']));
  expect(await pollAll()).toEqual(['changes']);
});

test('the same user, room name or session made at the same time through every instance is made once', async () => {
  const names = numbers(6).map((n) => `name ${n}`);
  const found = await Promise.all(
    names.flatMap((name) =>
      instances.map(({ storage }, instance) =>
        storage.transact(async ({ users }) => {
          const taken = await users.named(name);
          if (taken !== null) return taken.id;
          await users.save(User.guest(`${name} of ${instance}`, { shown: name, key: name }, 1));
          return `${name} of ${instance}`;
        }),
      ),
    ),
  );
  expect(new Set(found).size).toBe(names.length);
});

test('what was looked for and not found, and made elsewhere meanwhile, is not overwritten', async () => {
  const [one, other] = instances;
  let tries = 0;
  const make = (storage: OpenedStorage, userId: string, meanwhile: () => Promise<unknown>) =>
    storage.transact(async ({ sessions }) => {
      tries += 1;
      if ((await sessions.get('one')) !== null) return false;
      await meanwhile();
      await sessions.save(Session.begin('one', userId, 1));
      return true;
    });
  let isFirst = true;
  const made = await make(one!.storage, 'alice', async () => {
    if (isFirst) await make(other!.storage, 'bobby', async () => undefined);
    isFirst = false;
  });
  expect([made, tries]).toEqual([false, 3]);
  const [standing] = await one!.storage.read((from) => from.standings(['one']));
  expect(standing!.session.userId).toBe('bobby');
});

test('two that lock the same things in opposite order both get done', async () => {
  await addRoom(instances[0]!.storage, 'a');
  await addRoom(instances[0]!.storage, 'b');
  let tries = 0;
  let bothHold = () => {};
  const holding = new Promise<void>((resolve) => (bothHold = resolve));
  let held = 0;
  const postBoth = (storage: OpenedStorage, first: string, second: string) =>
    storage.transact(async ({ logs }) => {
      tries += 1;
      const logsGot = [(await logs.get(first))!];
      held += 1;
      if (held === 2) bothHold();
      await holding;
      logsGot.push((await logs.get(second))!);
      for (const log of logsGot) {
        const key = `${first} before ${second}`;
        log.append(
          { authorId: 'a', author: 'A', guest: false, text: key, clientMessageId: key, digest: key },
          1,
          9,
        );
        await logs.save(log);
      }
    });
  await Promise.all([postBoth(instances[0]!.storage, 'a', 'b'), postBoth(instances[1]!.storage, 'b', 'a')]);
  expect(tries).toBeGreaterThan(2);
  for (const room of ['a', 'b']) expect(await allEntries(instances[2]!.storage, room)).toHaveLength(2);
});
