import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tell, UntoldSights } from '../../src/adapters/presence/untold.js';
import type { Member, SightTold } from '../../src/application/ports.js';

const NOW = 10_000;
const member = (userId: string): Member => ({ userId, username: `Name of ${userId}`, guest: false });

const sighting = fc.record({
  roomId: fc.constantFrom('tea', 'milk'),
  userId: fc.constantFrom('Alice', 'Bobby'),
  how: fc.constantFrom('visible', 'hidden', 'gone'),
  at: fc.integer({ min: 0, max: NOW }),
});
/** Sightings that come one after the other, and tellings that fail, during which more are seen. */
const happenings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: sighting },
    fc.record({ meanwhile: fc.array(sighting, { maxLength: 4 }) }),
  ),
  { maxLength: 20 },
);

type Sighting = typeof sighting extends fc.Arbitrary<infer T> ? T : never;

const see = (untold: UntoldSights, { roomId, userId, how, at }: Sighting): void =>
  how === 'gone'
    ? untold.gone(roomId, userId, at)
    : untold.seen(roomId, member(userId), how === 'hidden', at);

const latestOf = (all: readonly Sighting[], kind: string): number | null => {
  const ages = all.filter(({ how }) => how === kind).map(({ at }) => NOW - at);
  return ages.length === 0 ? null : Math.min(...ages);
};

/** Of each member of each room when they were last seen, in either way, and when they left last. */
const summary = (all: readonly Sighting[]): SightTold[] =>
  [...new Set(all.map(({ roomId, userId }) => `${roomId} ${userId}`))].map((place) => {
    const [roomId, userId] = place.split(' ') as [string, string];
    const own = all.filter((one) => one.roomId === roomId && one.userId === userId);
    return {
      roomId,
      userId,
      member: own.some(({ how }) => how !== 'gone') ? member(userId) : null,
      visibleAgeMs: latestOf(own, 'visible'),
      hiddenAgeMs: latestOf(own, 'hidden'),
      goneAgeMs: latestOf(own, 'gone'),
    };
  });

const inOrder = (all: readonly SightTold[]): SightTold[] =>
  [...all].sort((a, b) => (a.roomId + a.userId < b.roomId + b.userId ? -1 : 1));

test('C10: whatever was seen, and however often it could not be told, the latest of each kind is told at last, and once', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const untold = new UntoldSights();
      const seen: Sighting[] = [];
      const note = (one: Sighting): void => {
        see(untold, one);
        seen.push(one);
      };
      for (const one of all) {
        if (!('meanwhile' in one)) {
          note(one);
          continue;
        }
        const failed = untold.take();
        one.meanwhile.forEach(note);
        untold.putBack(failed);
      }
      const told = untold.take().map((sight) => tell(sight, NOW));
      expect(inOrder(told)).toEqual(inOrder(summary(seen)));
      expect(untold.take()).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
