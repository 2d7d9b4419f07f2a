import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { PresenceExchanged } from '../../src/adapters/presence/presence-exchanged.js';
import { attending } from '../support/attending.js';
import type { Member, PresenceExchange, SightTold } from '../../src/application/ports.js';

const TIMES = { onlineTtlMs: 5000, awayTtlMs: 150_000 };
const ROOM = 'room';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const member = (username: string): Member => ({ userId: `id-of-${username}`, username, guest: false });

/** What is known of each member, whoever told it, by one clock. */
class Board {
  isAway = false;
  delayMs = 5;
  swaps = 0;
  asked: readonly string[] = [];
  private readonly rows = new Map<string, SightTold & { at: number }>();

  /** What one process swaps through. */
  readonly exchange: PresenceExchange = {
    swap: async (told, roomIds) => {
      this.swaps += 1;
      this.asked = roomIds;
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      if (this.isAway) throw new Error('away');
      const learnt = [...this.rows.values()]
        .filter(({ roomId }) => roomIds.includes(roomId))
        .map((row) => aged(row, Date.now() - row.at));
      for (const sight of told) this.merge({ ...sight, at: Date.now() });
      return learnt;
    },
  };

  private merge(sight: SightTold & { at: number }): void {
    const key = `${sight.roomId} ${sight.userId}`;
    const row = this.rows.get(key);
    if (row === undefined) return void this.rows.set(key, sight);
    const known = aged(row, sight.at - row.at);
    const younger = (a: number | null, b: number | null) =>
      a === null || b === null ? (a ?? b) : Math.min(a, b);
    this.rows.set(key, {
      ...sight,
      member: sight.member ?? known.member,
      visibleAgeMs: younger(known.visibleAgeMs, sight.visibleAgeMs),
      hiddenAgeMs: younger(known.hiddenAgeMs, sight.hiddenAgeMs),
      goneAgeMs: younger(known.goneAgeMs, sight.goneAgeMs),
    });
  }
}

const aged = (sight: SightTold, ms: number): SightTold => {
  const older = (age: number | null) => (age === null ? null : age + ms);
  return {
    ...sight,
    visibleAgeMs: older(sight.visibleAgeMs),
    hiddenAgeMs: older(sight.hiddenAgeMs),
    goneAgeMs: older(sight.goneAgeMs),
  };
};

/** A process that began so many milliseconds ago. */
const instanceOf = (board: Board, agoMs = 0) => {
  const beganAt = Date.now() - agoMs;
  const pace = { now: () => Date.now() - beganAt + 0.4 };
  const presence = new PresenceExchanged(board.exchange, TIMES, pace);
  const attend = attending(presence);
  return {
    presence,
    sees: (username: string, hidden = false, roomId = ROOM) =>
      attend(roomId, member(username), hidden, presence.now()),
    /** A poll that came so long ago is answered only now. */
    seesLate: (username: string, ms: number) => attend(ROOM, member(username), false, presence.now() - ms),
    leaves: (username: string) => presence.gone(ROOM, `id-of-${username}`),
    list: () => presence.online(ROOM),
    names: () =>
      presence.online(ROOM).users.map(({ username, away }) => (away ? `${username} (away)` : username)),
    lastSeenAgo: (username: string) => presence.lastSeenAgo(ROOM, `id-of-${username}`),
    stop: () => presence.stop(),
  };
};

const scene = (ages = [0, 0, 0, 0]) => {
  const board = new Board();
  const instances = ages.map((age) => instanceOf(board, age));
  for (const { names } of instances) names();
  return { board, instances, stop: () => instances.forEach((instance) => instance.stop()) };
};
const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

test('C10: whoever polls through one instance is soon online on all of them, in the same version of the list', async () => {
  const { instances, stop } = scene();
  await pass(100);
  instances[0]!.sees('Bobby');
  instances[1]!.sees('Alice');
  await pass(600);
  for (const { names } of instances) expect(names()).toEqual(['Alice', 'Bobby']);
  expect(new Set(instances.map(({ list }) => list().version)).size).toBe(1);
  stop();
});

test.each([
  ['together', [0, 0, 0, 0]],
  ['hours apart', [0, 7_200_000, 14_400_000, 333]],
])('C10: whoever’s polls are spread over four instances, which began %s, never flickers', async (_, ages) => {
  const { instances, stop } = scene(ages);
  const names = ['Alice', 'Bobby', 'Carol'];
  for (let second = 0; second < 90; second++) {
    for (const name of names) {
      some(instances).sees(name);
      await pass(1000 / names.length);
    }
    if (second < 2) continue;
    for (const instance of instances) expect(instance.names()).toEqual(names);
  }
  stop();
});

test('C10: whoever stops polling is off every list within the time that counts as online, and back when they are', async () => {
  const { instances, stop } = scene();
  for (let second = 0; second < 10; second++) {
    some(instances).sees('Alice');
    await pass(1000);
  }
  await pass(4000 + 50);
  for (const { names } of instances) expect(names()).toEqual([]);
  instances[2]!.sees('Alice');
  await pass(600);
  for (const { names } of instances) expect(names()).toEqual(['Alice']);
  stop();
});

test('C10: what is noted by a seat that was left is told to nobody', async () => {
  const { instances, stop } = scene();
  const { presence, leaves } = instances[0]!;
  const seat = presence.seen(ROOM, member('Alice'), false, presence.now())!;
  await pass(600);
  leaves('Alice');
  await pass(1000);
  seat.seen(false, presence.now());
  await pass(600);
  for (const { names } of instances) expect(names()).toEqual([]);
  stop();
});

test('C10: whoever comes back to a room that nobody asked about for minutes is online everywhere', async () => {
  const { instances, stop } = scene();
  instances[0]!.sees('Alice');
  await pass(180_000);
  for (const { names } of instances) expect(names()).toEqual([]);
  instances[0]!.sees('Alice');
  expect(instances[0]!.names()).toEqual(['Alice']);
  await pass(600);
  for (const { names } of instances) expect(names()).toEqual(['Alice']);
  stop();
});

test('C10: whoever leaves is off the list at once where they leave, and promptly everywhere', async () => {
  const { instances, stop } = scene();
  for (let second = 0; second < 5; second++) {
    for (const { sees } of instances) {
      sees('Alice');
      await pass(250);
    }
  }
  instances[3]!.leaves('Alice');
  expect(instances[3]!.names()).toEqual([]);
  for (let ms = 0; ms < 6000; ms += 50) {
    await pass(50);
    expect(instances[3]!.names()).toEqual([]);
    if (ms > 550) for (const { names } of instances) expect(names()).toEqual([]);
  }
  stop();
});

test('C10: a poll that was under way as its user left, here or elsewhere, does not bring them back', async () => {
  const { instances, stop } = scene();
  for (const { sees } of instances) sees('Alice');
  await pass(1000);
  instances[3]!.leaves('Alice');
  await pass(10);
  for (const { seesLate } of instances) seesLate('Alice', 20);
  expect(instances[3]!.names()).toEqual([]);
  await pass(1100);
  for (const { names } of instances) expect(names()).toEqual([]);
  stop();
});

test('whoever is not seen here but leaves here is gone elsewhere too', async () => {
  const { instances, stop } = scene();
  instances[0]!.sees('Alice');
  instances[1]!.leaves('Alice');
  await pass(30);
  instances[0]!.sees('Bobby');
  await pass(600);
  expect(instances[0]!.names()).toEqual(['Bobby']);
  stop();
});

test('whoever leaves while others’ news is on the way does not come back by it', async () => {
  const { board, instances, stop } = scene();
  instances[0]!.sees('Alice');
  await pass(1000);
  board.delayMs = 300;
  await pass(600);
  for (let ms = 0; ms < 1500; ms += 10) {
    if (ms === 400) instances[1]!.leaves('Alice');
    await pass(10);
    if (ms >= 400) expect(instances[1]!.names()).toEqual([]);
  }
  stop();
});

test('whoever leaves and comes back elsewhere is online', async () => {
  const { instances, stop } = scene();
  instances[0]!.sees('Alice');
  await pass(1000);
  instances[0]!.leaves('Alice');
  await pass(100);
  instances[1]!.sees('Alice');
  await pass(1100);
  for (const { names } of instances) expect(names()).toEqual(['Alice']);
  stop();
});

test('away and online are told apart on every instance, whichever tab was seen where', async () => {
  const { instances, stop } = scene();
  instances[0]!.sees('Alice');
  await pass(100);
  instances[1]!.sees('Alice', true);
  await pass(1000);
  for (const { names } of instances) expect(names()).toEqual(['Alice']);
  await pass(4500);
  for (const { names } of instances) expect(names()).toEqual(['Alice (away)']);
  instances[2]!.sees('Alice');
  await pass(600);
  for (const { names } of instances) expect(names()).toEqual(['Alice']);
  await pass(5000);
  for (const { names } of instances) expect(names()).toEqual([]);
  stop();
});

test('an instance that starts later, or hears of a room for the first time, soon knows who is there', async () => {
  const { board, instances, stop } = scene();
  instances[0]!.sees('Alice', true);
  await pass(100_000);
  const late = instanceOf(board);
  expect(late.names()).toEqual([]);
  await pass(50);
  expect(late.names()).toEqual(['Alice (away)']);
  late.stop();
  stop();
});

test('whoever polled only through an instance that died drops out', async () => {
  const { instances, stop } = scene();
  instances[0]!.sees('Alice');
  await pass(600);
  instances[0]!.stop();
  expect(instances[1]!.names()).toEqual(['Alice']);
  await pass(5000);
  for (const { names } of instances.slice(1)) expect(names()).toEqual([]);
  stop();
});

test('while storage is away polls are answered, and what was seen is told when it is back', async () => {
  const { board, instances, stop } = scene();
  board.isAway = true;
  instances[0]!.sees('Alice', true);
  await pass(2000);
  instances[0]!.sees('Alice', true);
  instances[0]!.sees('Bobby');
  expect(instances[0]!.names()).toEqual(['Alice (away)', 'Bobby']);
  await pass(2000);
  board.isAway = false;
  await pass(1100);
  expect(instances[1]!.names()).toEqual(['Alice (away)', 'Bobby']);
  stop();
});

test('when a member was last seen is known whoever saw them', async () => {
  const { instances, stop } = scene([0, 5_000_000, 0, 0]);
  instances[0]!.sees('Alice');
  await pass(2000);
  const ago = instances[1]!.lastSeenAgo('Alice');
  expect(ago).toBeGreaterThan(1900);
  expect(ago).toBeLessThan(2100);
  stop();
});

test('C10: of a storage whose clock was set back it is learnt that somebody was there just now, or left, never that they will', async () => {
  const ahead = { roomId: ROOM, visibleAgeMs: null, hiddenAgeMs: null, goneAgeMs: null };
  const told: SightTold[] = [
    { ...ahead, userId: 'id-of-Alice', member: member('Alice'), visibleAgeMs: -600_000 },
    { ...ahead, userId: 'id-of-Bobby', member: member('Bobby'), goneAgeMs: -600_000 },
  ];
  const { presence, sees, names, stop } = instanceOf(
    Object.assign(new Board(), { exchange: { swap: async () => told.splice(0) } }),
  );
  presence.online(ROOM);
  await pass(1000);
  expect(names()).toEqual(['Alice']);
  sees('Bobby');
  await pass(4100);
  expect(names()).toEqual(['Bobby']);
  stop();
});

test('only rooms that are asked about here are asked about there, and nothing is swapped where nobody asks', async () => {
  const board = new Board();
  const { sees, stop } = instanceOf(board);
  await pass(10_000);
  expect(board.swaps).toBe(0);
  sees('Alice', false, 'tea');
  await pass(1000);
  expect(board.asked).toEqual(['tea']);
  await pass(70_000);
  // Said once, so that what is told of the room meanwhile is told here when it is asked about again.
  expect(board.asked).toEqual([]);
  const { swaps } = board;
  await pass(10_000);
  expect(board.swaps).toBe(swaps);
  sees('Alice', false, 'milk');
  await pass(1000);
  expect(board.asked).toEqual(['milk']);
  stop();
});

test('swaps go on at their own pace however many come and go, and end with `stop`', async () => {
  const board = new Board();
  const { sees, stop } = instanceOf(board);
  for (let ms = 0; ms < 1000; ms += 1) {
    sees(`User${ms}`);
    await pass(1);
  }
  expect(board.swaps).toBeLessThan(1000 / 20);
  const before = board.swaps;
  for (let second = 0; second < 10; second++) {
    sees('User1');
    await pass(1000);
  }
  expect(board.swaps - before).toBeLessThan(30);
  stop();
  const atEnd = board.swaps;
  sees('Alice');
  await pass(5000);
  expect(board.swaps).toBe(atEnd);
});
