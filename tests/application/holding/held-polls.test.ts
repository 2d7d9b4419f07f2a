import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { announcing } from '../../../src/application/live/announcing.js';
import { HeldPolls } from '../../../src/application/holding/held-polls.js';
import { HoldPoll } from '../../../src/application/holding/hold-poll.js';
import type { Storage } from '../../../src/application/ports.js';
import { TendHeldPolls } from '../../../src/application/holding/tend-held-polls.js';
import type { Updates } from '../../../src/application/read-updates.js';
import { MemoryStorage } from '../../../src/adapters/storage/memory/memory-storage.js';
import { DAY, makeHouse, SECOND, type Person } from '../fixture.js';
import { TestClock } from '../../support/test-clock.js';
import { Gate, settle, slowReads } from '../slow-storage.js';

const LONGEST = 20 * SECOND;
const AT_ONCE = 50;

/** A house in which polls are held. */
const makeHolding = (storage: Storage = new MemoryStorage()) => {
  const polls = new HeldPolls(setImmediate, AT_ONCE);
  const told = announcing(storage, ({ logs, users }) => polls.heed([...logs, ...users]));
  /** Time as it passes, whatever the clock says. */
  const steady = new TestClock(0);
  const house = makeHouse(
    {},
    {
      shared: storage.shared,
      ping: () => storage.ping(),
      close: () => storage.close(),
      read: (work) => told.read(work),
      transact: (work) => told.transact(work),
    },
    steady,
  );
  const { clock, live, presence, sightings, authenticate, use } = house;
  const holding = new HoldPoll(polls, use.pollRoom, authenticate, steady, LONGEST);
  const tend = new TendHeldPolls(polls, live, presence, sightings, clock, steady);
  const online = (room: string) => presence.online(room);
  const hold = async (
    who: Person,
    room: string,
    asked: { after?: number; online?: string; hidden?: boolean } = {},
  ) => {
    const connection = { destroyed: false };
    const known = { after: 0, online: online(room).version, hidden: false, ...asked };
    const answer = holding.execute(await house.as(who), room, known, LONGEST, connection);
    const held = { connection, answer, isAnswered: false };
    const done = () => void (held.isAnswered = true);
    answer.then(done, done);
    return held;
  };
  const pass = (ms: number) => {
    clock.advance(ms);
    steady.advance(ms);
  };
  return { ...house, polls, holding, tend, hold, online, pass };
};

const peopled = async (count: number, storage?: Storage) => {
  const house = makeHolding(storage);
  const people = await Promise.all(Array.from({ length: count }, (_, at) => house.guest(`Guest${at}`)));
  const room = await house.createRoom(people[0]!, 'Held', 400);
  const { id } = room;
  for (const who of people) await house.enter(who, id);
  return { house, people, room: id };
};

/** Lets all that is due be done: rousing takes a turn of the event loop for each fifty. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await settle();
};

let closing: HeldPolls[] = [];
afterEach(() => {
  closing.forEach((polls) => polls.close());
  closing = [];
});

test('what was written between asking who it is and being on the list is not missed', async () => {
  for (const shared of [false, true]) {
    const memory = new MemoryStorage();
    const storage = Object.assign(Object.create(memory) as Storage, { shared });
    const { house, people, room } = await peopled(2, storage);
    const known = { after: 0, online: house.online(room).version, hidden: false };
    const asker = await house.as(people[0]!);
    await house.post(people[1]!, room, 'in between');
    const updates = await house.holding.execute(asker, room, known, LONGEST, { destroyed: false });
    expect(updates!.entries).toHaveLength(1);
    const before = await house.as(people[0]!);
    await house.leave(people[0]!);
    await expect(
      house.holding.execute(before, room, { ...known, after: 1 }, LONGEST, { destroyed: false }),
    ).rejects.toMatchObject({ code: 'not-in-room' });
  }
});

test('what is written while it looks makes it look again', async () => {
  const memory = new MemoryStorage();
  const gate = new Gate();
  const slow = slowReads(memory, gate);
  const { house, people, room } = await peopled(2, {
    shared: true,
    ping: () => memory.ping(),
    close: () => memory.close(),
    read: slow.read,
    transact: slow.transact,
  });
  const held = await house.hold(people[0]!, room);
  await settled();
  const writer = await house.as(people[1]!);
  house.polls.wakeAll();
  gate.close();
  await settled();
  expect(gate.queued).toBeGreaterThan(0);
  const message = { roomId: room, clientMessageId: 'one', text: 'while it looks' };
  await house.use.postMessage.execute(writer, message, null);
  gate.open();
  expect((await held.answer)!.entries).toHaveLength(1);
});

test('C10 whoever is held stays online as long as it is held, and its session is seen; nobody is told of it', async () => {
  const { house, people, room } = await peopled(2);
  const held = await Promise.all(people.map((who) => house.hold(who, room)));
  for (let second = 0; second < 8; second += 1) {
    await settled();
    house.pass(SECOND);
    await house.tend.refresh();
  }
  await settled();
  expect(held.map(({ isAnswered }) => isAnswered)).toEqual([false, false]);
  expect(house.online(room).users).toHaveLength(2);
  expect(house.sightings.of(people[0]!.sessionId)).toBe(house.clock.now());
});

test('C10 whoever went away without a word is not seen any more, and is let go of', async () => {
  const { house, people, room } = await peopled(1);
  const held = await house.hold(people[0]!, room);
  await settled();
  held.connection.destroyed = true;
  for (let second = 0; second < 4; second += 1) {
    house.pass(SECOND);
    await house.tend.refresh();
  }
  expect(house.online(room).users).toHaveLength(1);
  house.pass(SECOND);
  expect(house.online(room).users).toHaveLength(0);
  house.tend.sweep();
  expect(await held.answer).toBeNull();
  expect(house.polls.rooms.size).toBe(0);
});

test('C10 whoever is held by a tab that nobody sees is away', async () => {
  const { house, people, room } = await peopled(2);
  const held = await house.hold(people[0]!, room, { hidden: true });
  for (let second = 0; second < 6; second += 1) {
    await settled();
    house.pass(SECOND);
    await house.tend.refresh();
  }
  expect((await held.answer)!.online!.users).toEqual([{ username: 'Guest0', guest: true, away: true }]);
});

test('presence alone answers once a refreshing, however often it changed; a message brings the newest list along', async () => {
  const { house, people, room } = await peopled(2);
  const [watching, restless] = people as [Person, Person];
  const held = await house.hold(watching, room);
  for (let change = 0; change < 50; change += 1) {
    await house.leave(restless);
    await house.enter(restless, room);
    await settled();
  }
  await house.leave(restless);
  await settled();
  expect(held.isAnswered).toBe(false);
  await house.tend.refresh();
  const told = (await held.answer)!.online!;
  expect(told.users).toHaveLength(1);
  await house.enter(restless, room);
  const next = await house.hold(watching, room, { online: told.version });
  await settled();
  expect(next.isAnswered).toBe(false);
  await house.post(restless, room, 'hello');
  expect((await next.answer)!.online!.users).toHaveLength(2);
});

/** To the last millisecond it is held, and no longer. */
const waitTheLongest = async (
  house: Awaited<ReturnType<typeof peopled>>['house'],
  held: { readonly isAnswered: boolean },
): Promise<void> => {
  house.pass(LONGEST - 1);
  house.tend.sweep();
  await settled();
  expect(held.isAnswered).toBe(false);
  house.pass(1);
  house.tend.sweep();
};

test.each([
  ['back', -600 * SECOND],
  ['ahead', 600 * SECOND],
])('a clock that is set %s by ten minutes makes no poll wait longer, or less long', async (_, byMs) => {
  const { house, people, room } = await peopled(1);
  const held = await house.hold(people[0]!, room);
  house.clock.advance(byMs);
  await waitTheLongest(house, held);
  await settled();
  expect(held.isAnswered).toBe(true);
});

test('a time-out answers with nothing new; the end of a session by its age is told', async () => {
  const { house, people, room } = await peopled(2);
  const held = await house.hold(people[0]!, room);
  await waitTheLongest(house, held);
  expect((await held.answer)!.entries).toEqual([]);
  const last = await house.hold(people[1]!, room);
  await settled();
  house.pass(30 * DAY);
  await house.use.expireSessions.execute();
  await expect(last.answer).rejects.toMatchObject({ code: 'session-ended' });
});

test('on shared storage a hint that was lost costs until the next refreshing, and an ending no more: one question for all rooms', async () => {
  const memory = new MemoryStorage();
  const asked: number[] = [];
  const storage: Storage = {
    shared: true,
    ping: () => memory.ping(),
    close: () => memory.close(),
    transact: (work) => memory.transact(work),
    read: (work) =>
      memory.read((from) =>
        work({
          ...from,
          standings: (ids) => from.standings(ids),
          rooms: () => from.rooms(),
          entries: (...which) => from.entries(...which),
          userNamed: (name) => from.userNamed(name),
          staleSessions: (...before) => from.staleSessions(...before),
          outlooks: (rooms, limit) => {
            asked.push(rooms.length);
            return from.outlooks(rooms, limit);
          },
        }),
      ),
  };
  const { house, people, room } = await peopled(3, storage);
  const elsewhere = makeHouse({}, memory);
  const second = await house.createRoom(people[2]!, 'Second');
  await house.leave(people[2]!);
  await house.enter(people[2]!, second.id);
  const held = [
    await house.hold(people[0]!, room),
    await house.hold(people[2]!, second.id),
    await house.hold(people[1]!, room, { after: 1 }),
  ];
  await settled();
  await elsewhere.post(people[1]!, room, 'by another process');
  await elsewhere.post(people[2]!, second.id, 'by another process');
  asked.length = 0;
  const refreshed = house.tend.refresh();
  await refreshed;
  expect(asked).toEqual([2]);
  for (const { answer } of held.slice(0, 2)) expect((await answer)!.entries).toHaveLength(1);
  await settled();
  expect(held[2]!.isAnswered).toBe(true);
  const ending = await house.hold(people[1]!, room, { after: 1 });
  await settled();
  await elsewhere.logOut(people[1]!);
  await house.tend.refresh();
  await expect(ending.answer).rejects.toMatchObject({ code: 'session-ended' });
});

test.each(['leave', 'logOut'] as const)(
  'C10 after %s through another process nobody is noted as seen by a poll that is held still, nor their session',
  async (end) => {
    const memory = new MemoryStorage();
    const storage = Object.assign(Object.create(memory) as Storage, { shared: true });
    const { house, people, room } = await peopled(2, storage);
    const elsewhere = makeHouse({}, memory);
    const [goer, stayer] = people as [Person, Person];
    const held = await Promise.all([goer, stayer].map((who) => house.hold(who, room)));
    await settled();
    house.pass(SECOND);
    await house.tend.refresh();
    const seenAt = house.clock.now();
    const ago = (who: Person) => house.presence.lastSeenAgo(room, who.user.id);
    expect(ago(goer)).toBe(0);
    await elsewhere[end](goer);
    house.pass(SECOND);
    await house.tend.refresh();
    expect(ago(goer)).toBe(SECOND);
    expect(house.sightings.of(goer.sessionId)).toBe(seenAt);
    expect(ago(stayer)).toBe(0);
    await expect(held[0]!.answer).rejects.toMatchObject({
      code: end === 'leave' ? 'not-in-room' : 'session-ended',
    });
    expect(held[1]!.isAnswered).toBe(false);
  },
);

test('however many are roused at once, they let others have their turn', async () => {
  const { house, people, room } = await peopled(400);
  const held = await Promise.all(people.map((who) => house.hold(who, room)));
  const lone = await house.guest('Lone');
  const small = await house.createRoom(lone, 'Small');
  await house.enter(lone, small.id);
  const other = await house.hold(lone, small.id);
  await settled();
  house.polls.wakeAll();
  const answered = () => held.filter(({ isAnswered }) => isAnswered).length;
  await house.post(people[0]!, room, 'to all of the four hundred');
  await house.post(lone, small.id, 'to one');
  await other.answer;
  expect(answered()).toBeLessThan(400);
  await Promise.all(held.map(({ answer }) => answer));
});

test('B13 whatever is posted, left, ended, timed out and closed, held polls lose nothing, double nothing, and always answer', async () => {
  const READERS = 3;
  const step = fc.record({
    does: fc.constantFrom(
      'post',
      'post',
      'post',
      'pause',
      'time out',
      'refresh',
      'come and go',
      'close',
      'wake',
    ),
    who: fc.nat(READERS - 1),
    pauses: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.boolean(),
      fc.constantFrom('delete', 'log out', 'close'),
      async (steps, shared, ending) => {
        const storage = Object.assign(Object.create(new MemoryStorage()) as Storage, { shared });
        const { house, people, room } = await peopled(READERS + 1, storage);
        closing.push(house.polls);
        const writer = people[READERS]!;
        const readers = people.slice(0, READERS).map((who) => ({
          who,
          seen: [] as string[],
          held: null as Awaited<ReturnType<typeof house.hold>> | null,
          end: null as unknown,
        }));
        let isDone = false;
        const read = async (reader: (typeof readers)[number]): Promise<void> => {
          let online: string | undefined;
          while (!isDone) {
            try {
              reader.held = await house.hold(reader.who, room, {
                after: reader.seen.length,
                online: online!,
              });
              const updates: Updates | null = await reader.held.answer;
              expect(updates?.missed ?? 0).toBe(0);
              reader.seen.push(...(updates?.entries ?? []).map(({ text }) => text));
              online = updates?.online?.version ?? online;
            } catch (error) {
              if ((error as { code?: string }).code !== 'not-in-room' || isDone) {
                reader.end = error;
                return;
              }
              await house.enter(reader.who, room);
            }
          }
        };
        const reading = readers.map(read);
        const posted: string[] = [];
        for (const { does, who, pauses } of steps) {
          const reader = readers[who]!;
          if (does === 'post') {
            posted.push(`${posted.length}`);
            await house.post(writer, room, posted.at(-1)!);
          }
          if (does === 'time out') {
            house.pass(LONGEST);
            house.tend.sweep();
          }
          if (does === 'refresh') await house.tend.refresh();
          if (does === 'come and go') await house.leave(reader.who);
          if (does === 'close' && reader.held !== null) {
            reader.held.connection.destroyed = true;
            house.tend.sweep();
          }
          if (does === 'wake') house.polls.wakeAll();
          if (pauses) await settled();
        }
        await settled();
        for (const { seen } of readers) expect(seen).toEqual(posted);
        isDone = true;
        if (ending === 'delete') await house.deleteRoom(people[0]!, room);
        if (ending === 'log out') for (const { who } of readers) await house.logOut(who);
        if (ending === 'close') house.polls.close();
        await Promise.all(reading);
        for (const { end } of readers) {
          const code = (end as { code?: string } | null)?.code ?? null;
          expect(code).toBe(
            ending === 'delete' ? 'room-deleted' : ending === 'log out' ? 'session-ended' : null,
          );
        }
        expect(house.polls.rooms.size).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
