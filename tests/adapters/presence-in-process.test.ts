import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PresenceInProcess } from '../../src/adapters/presence/presence-in-process.js';
import { attending } from '../support/attending.js';

const ONLINE = 5000;
const AWAY = 150_000;
/** When the test begins, by the pace of the process. */
const NOW = 3_600_000;

const scene = () => {
  let now = NOW;
  const presence = new PresenceInProcess({ onlineTtlMs: ONLINE, awayTtlMs: AWAY }, { now: () => now });
  const listAt = (at: number) => {
    now = NOW + at;
    return presence.online('room');
  };
  const attend = attending(presence);
  return {
    presence,
    sees: (username: string, at: number, hidden = false) =>
      attend('room', { userId: `id-of-${username}`, username, guest: false }, hidden, NOW + at),
    leaves: (username: string, at = 0) => {
      now = NOW + at;
      presence.gone('room', `id-of-${username}`);
    },
    listAt,
    at: (at: number) =>
      listAt(at).users.map(({ username, away }) => (away ? `${username} (away)` : username)),
  };
};

test('C10: whoever asked for news lately is online, and whoever did not for a few seconds is not', () => {
  const { sees, at } = scene();
  sees('Alice', 0);
  expect(at(ONLINE - 1)).toEqual(['Alice']);
  expect(at(ONLINE)).toEqual([]);
});

test('C10: whoever comes back is listed again', () => {
  const { sees, at } = scene();
  sees('Alice', 0);
  expect(at(60_000)).toEqual([]);
  sees('Alice', 60_000);
  expect(at(60_000)).toEqual(['Alice']);
});

test('C10: whoever goes on asking stays, however long', () => {
  const { sees, at } = scene();
  for (let time = 0; time < 60_000; time += 1000) {
    sees('Alice', time);
    expect(at(time + 999)).toEqual(['Alice']);
  }
});

test('C10: whoever leaves is off the list at once', () => {
  const { sees, leaves, at } = scene();
  sees('Alice', 0);
  sees('Bobby', 0);
  expect(at(1)).toEqual(['Alice', 'Bobby']);
  leaves('Alice');
  expect(at(1)).toEqual(['Bobby']);
  leaves('Bobby');
  leaves('Bobby');
  expect(at(1)).toEqual([]);
});

test('whoever’s tabs are all hidden is away once no tab in sight asks any more', () => {
  const { sees, at } = scene();
  sees('Alice', 0);
  sees('Alice', 1000, true);
  expect(at(ONLINE - 1)).toEqual(['Alice']);
  expect(at(ONLINE)).toEqual(['Alice (away)']);
  expect(at(1000 + AWAY - 1)).toEqual(['Alice (away)']);
  expect(at(1000 + AWAY)).toEqual([]);
});

test('whoever shows a tab again is online at once', () => {
  const { sees, at } = scene();
  sees('Alice', 0, true);
  expect(at(0)).toEqual(['Alice (away)']);
  sees('Alice', 1000);
  expect(at(1000)).toEqual(['Alice']);
});

test('one tab in sight makes the hidden ones unimportant', () => {
  const { sees, at } = scene();
  for (let time = 0; time < 30_000; time += 1000) {
    sees('Alice', time);
    sees('Alice', time + 500, true);
    expect(at(time + 999)).toEqual(['Alice']);
  }
});

test('C10: whoever closes a tab in sight is gone in a few seconds, though it was hidden before', () => {
  const { sees, at } = scene();
  sees('Alice', 0, true);
  sees('Alice', 1000);
  expect(at(1000 + ONLINE)).toEqual([]);
});

test('C10: a poll that was under way as its user left does not bring them back', () => {
  const { sees, leaves, at } = scene();
  sees('Alice', 0);
  leaves('Alice', 1000);
  sees('Alice', 999);
  expect(at(1001)).toEqual([]);
  sees('Alice', 999, true);
  expect(at(1001)).toEqual([]);
});

test('C10: a poll that was under way as its user left does not count either once they have come back', () => {
  const { sees, leaves, at } = scene();
  sees('Alice', 0);
  leaves('Alice', 1000);
  sees('Alice', 1500);
  sees('Alice', 999, true);
  expect(at(1500 + ONLINE - 1)).toEqual(['Alice']);
  expect(at(1500 + ONLINE)).toEqual([]);
});

test('a question that a later one has overtaken makes nobody seen any earlier', () => {
  const { presence, sees, at } = scene();
  sees('Alice', 1500);
  sees('Alice', 999);
  expect(at(1500)).toEqual(['Alice']);
  expect(presence.lastSeenAgo('room', 'id-of-Alice')).toBe(0);
});

test('a question of a hidden tab that is heard late makes nobody seen any earlier either', () => {
  const { presence, sees, at } = scene();
  sees('Alice', 1500, true);
  sees('Alice', 999, true);
  expect(at(1500)).toEqual(['Alice (away)']);
  expect(presence.lastSeenAgo('room', 'id-of-Alice')).toBe(0);
});

test('C10: a question of a tab in sight that is heard late does not undo a later one of a hidden tab', () => {
  const { sees, at } = scene();
  sees('Alice', 1500, true);
  sees('Alice', 999);
  expect(at(999 + ONLINE - 1)).toEqual(['Alice']);
  expect(at(999 + ONLINE)).toEqual(['Alice (away)']);
});

test('C10: whoever asks about another room is seen in that one, though nobody here heard that they left', () => {
  const { presence, sees } = scene();
  sees('Alice', 0);
  const alice = { userId: 'id-of-Alice', username: 'Alice', guest: false };
  const attend = attending(presence);
  attend('room', alice, false, NOW);
  attend('elsewhere', alice, false, NOW);
  expect(presence.online('elsewhere').users).toHaveLength(1);
});

test('C10: whoever left sits nowhere: what is noted by the seat that they had counts for nothing', () => {
  const { presence, leaves, at } = scene();
  const alice = { userId: 'id-of-Alice', username: 'Alice', guest: false };
  const seat = presence.seen('room', alice, false, NOW)!;
  expect(seat.isTaken).toBe(true);
  leaves('Alice', 1000);
  expect(seat.isTaken).toBe(false);
  seat.seen(false, NOW + 2000);
  expect(at(2000)).toEqual([]);
});

test('C10: whoever leaves and comes back is listed at once', () => {
  const { sees, leaves, at } = scene();
  sees('Alice', 0);
  leaves('Alice', 1000);
  sees('Alice', 1000);
  expect(at(1000)).toEqual(['Alice']);
});

test('C10: having left one room keeps nobody off the list of another', () => {
  const { presence, sees, leaves } = scene();
  sees('Alice', 0);
  leaves('Alice', 1000);
  const alice = { userId: 'id-of-Alice', username: 'Alice', guest: false };
  presence.seen('elsewhere', alice, false, NOW + 999);
  expect(presence.online('elsewhere').users).toHaveLength(1);
});

test('each room has its own list', () => {
  const { presence, sees, at } = scene();
  sees('Alice', 0);
  expect(presence.online('elsewhere').users).toEqual([]);
  presence.gone('elsewhere', 'id-of-Alice');
  expect(at(0)).toEqual(['Alice']);
});

test('the list is sorted by name without regard to case, whoever came first', () => {
  const { sees, at } = scene();
  for (const name of ['bobby', 'Carol', 'ALICE', 'Anna']) sees(name, 0);
  expect(at(0)).toEqual(['ALICE', 'Anna', 'bobby', 'Carol']);
});

test('the version is the same for the same list, on every instance, and another for another', () => {
  const [one, other] = [scene(), scene()];
  for (const name of ['Alice', 'Bobby']) one.sees(name, 0);
  for (const name of ['Bobby', 'Alice']) other.sees(name, 700);
  expect(one.listAt(800)).toEqual(other.listAt(800));
  const { version } = one.listAt(800);
  one.sees('Bobby', 900, true);
  expect(one.listAt(ONLINE).version).not.toBe(version);
  other.leaves('Bobby');
  expect(other.listAt(900).version).not.toBe(version);
  other.sees('Bobby', 1000);
  expect(other.listAt(1000).version).toBe(version);
});

test('as long as nobody comes or goes, the list is one object', () => {
  const { sees, listAt } = scene();
  const names = ['Alice', 'Bobby', 'Carol'];
  for (const name of names) sees(name, 0);
  const list = listAt(0);
  for (let time = 1000; time < 60_000; time += 1000) {
    for (const name of names) sees(name, time);
    expect(listAt(time)).toBe(list);
  }
});

test('what is listed is what the sightings say, whatever they were', () => {
  const steps = fc.array(
    fc.record({
      kind: fc.constantFrom('visible', 'hidden', 'leave', 'look'),
      who: fc.constantFrom('Alice', 'Bobby', 'Carol'),
      later: fc.oneof(fc.nat(3000), fc.nat(200_000)),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (todo) => {
      const { sees, leaves, at } = scene();
      const seen = new Map<string, { visible: number; hidden: number }>();
      let time = 0;
      for (const { kind, who, later } of todo) {
        time += later;
        const before = seen.get(who) ?? { visible: -Infinity, hidden: -Infinity };
        if (kind === 'visible') seen.set(who, { visible: time, hidden: -Infinity });
        if (kind === 'hidden') seen.set(who, { ...before, hidden: time });
        if (kind === 'leave') seen.delete(who);
        if (kind === 'leave') leaves(who, time);
        if (kind === 'visible' || kind === 'hidden') sees(who, time, kind === 'hidden');
        const expected = [...seen]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .flatMap(([name, { visible, hidden }]) =>
            time < visible + ONLINE ? [name] : time < hidden + AWAY ? [`${name} (away)`] : [],
          );
        if (kind !== 'visible') expect(at(time)).toEqual(expected);
      }
    }),
  );
});

test('how long ago a member last asked is known here until they leave', () => {
  const { presence, sees, leaves, at } = scene();
  const ago = (time: number) => {
    at(time);
    return presence.lastSeenAgo('room', 'id-of-Alice');
  };
  expect(ago(0)).toBeUndefined();
  sees('Alice', 0);
  sees('Alice', 10, true);
  expect(ago(10)).toBe(0);
  expect(ago(999_999)).toBe(999_989);
  sees('Alice', 999_999);
  expect(ago(1_000_000)).toBe(1);
  leaves('Alice', 1_000_000);
  expect(ago(1_000_000)).toBeUndefined();
});

test('a thousand members who poll once a second have their list made anew a few times a minute', () => {
  const { sees, listAt } = scene();
  let made = 0;
  const sort = Array.prototype.sort;
  Array.prototype.sort = function <T>(this: T[], by?: (a: T, b: T) => number) {
    made += 1;
    return sort.call(this, by as (a: unknown, b: unknown) => number) as T[];
  };
  try {
    for (let second = 0; second < 60; second++) {
      if (second === 1) made = 0;
      for (let member = 0; member < 1000; member++) {
        const time = second * 1000 + member;
        sees(`member${member}`, time);
        if (second > 0) listAt(time);
      }
    }
  } finally {
    Array.prototype.sort = sort;
  }
  expect(made).toBeLessThan(30);
});
