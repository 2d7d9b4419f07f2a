import { expect } from '@jest/globals';
import type { SightTold } from '../../../src/application/ports.js';
import type { Capabilities, OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { ALICE, told } from '../../support/sights.js';
import type { Case } from '../contract.js';

const when = ({ shared }: Capabilities): boolean => shared;

const KEPT_MS = 600_000;
/** Nothing here takes so long. */
const SOON_MS = 60_000;

const exchangeOf = ({ exchange }: OpenedStorage) => {
  expect(typeof exchange?.swap).toBe('function');
  return {
    tell: (...sights: readonly SightTold[]) => exchange!.swap(sights, [], KEPT_MS),
    learn: (...roomIds: readonly string[]) => exchange!.swap([], roomIds, KEPT_MS),
  };
};

/** Of what was learnt, one member of one room. */
const sightOf = (learnt: readonly SightTold[], userId = 'alice', roomId = 'tea'): SightTold => {
  const found = learnt.filter((sight) => sight.userId === userId && sight.roomId === roomId);
  expect(found).toHaveLength(1);
  return found[0]!;
};

const expectAge = (ageMs: number | null, atLeast: number): void => {
  expect(ageMs).not.toBeNull();
  expect(ageMs).toBeGreaterThanOrEqual(atLeast);
  expect(ageMs).toBeLessThan(atLeast + SOON_MS);
};

/** Who is online is known to every process, whichever of them is asked for news (requirement C10). */
export const presence: readonly Case[] = [
  {
    name: 'whom one process saw another learns, and who left: who they are, and how long ago it was',
    when,
    async run({ storage, openAgain }) {
      const [here, there] = [exchangeOf(storage), exchangeOf(await openAgain())];
      expect(await there.learn('tea')).toEqual([]);
      await here.tell(told({ visibleAgeMs: 300, hiddenAgeMs: 90_000 }));
      const seen = sightOf(await there.learn('tea'));
      expect(seen).toMatchObject({ member: ALICE, goneAgeMs: null });
      expectAge(seen.visibleAgeMs, 300);
      expectAge(seen.hiddenAgeMs, 90_000);
      await here.tell(told({ member: null, goneAgeMs: 20 }));
      const gone = sightOf(await there.learn('tea'));
      expect(gone.member).toEqual(ALICE);
      expectAge(gone.goneAgeMs, 20);
    },
  },
  {
    name: 'of a room that a process asks about for the first time, or again, it learns all that others told',
    when,
    async run({ storage, openAgain }) {
      const [here, there] = [exchangeOf(storage), exchangeOf(await openAgain())];
      await there.learn('milk');
      await here.tell(told({ visibleAgeMs: 0 }), told({ userId: 'bob', member: null, goneAgeMs: 0 }));
      await there.learn('milk');
      const first = await there.learn('milk', 'tea');
      expectAge(sightOf(first).visibleAgeMs, 0);
      expect(sightOf(first, 'bob')).toMatchObject({ member: null, visibleAgeMs: null });
      await there.learn();
      expectAge(sightOf(await there.learn('tea')).visibleAgeMs, 0);
      expectAge(sightOf(await exchangeOf(await openAgain()).learn('tea')).visibleAgeMs, 0);
    },
  },
  {
    name: 'what is learnt is of the rooms that are named, and of no others',
    when,
    async run({ storage, openAgain }) {
      const [here, there] = [exchangeOf(storage), exchangeOf(await openAgain())];
      await here.tell(told({ visibleAgeMs: 0 }), told({ roomId: 'milk', hiddenAgeMs: 0 }));
      expect(await there.learn('milk', 'nowhere')).toMatchObject([{ roomId: 'milk', visibleAgeMs: null }]);
      expect(await there.learn()).toEqual([]);
    },
  },
  {
    name: 'of what several processes told of one member the latest counts, whoever tells it last',
    when,
    async run({ storage, openAgain }) {
      const [here, there] = [exchangeOf(storage), exchangeOf(await openAgain())];
      await here.tell(told({ visibleAgeMs: 300, hiddenAgeMs: 400_000 }));
      await there.tell(told({ visibleAgeMs: 400_000, hiddenAgeMs: 9000, member: null }));
      for (const process of [here, there]) {
        const sight = sightOf(await process.learn('tea'));
        expect(sight.member).toEqual(ALICE);
        expectAge(sight.visibleAgeMs, 300);
        expectAge(sight.hiddenAgeMs, 9000);
      }
    },
  },
  {
    name: 'ages go on from when they were told',
    when,
    async run({ storage, openAgain }) {
      const [here, there] = [exchangeOf(storage), exchangeOf(await openAgain())];
      await here.tell(told({ visibleAgeMs: 300 }));
      const until = performance.now() + 500;
      let age: number | null;
      do {
        await there.learn();
        age = sightOf(await there.learn('tea')).visibleAgeMs;
      } while (age === 300 && performance.now() < until);
      expect(age).toBeGreaterThan(300);
    },
  },
];
