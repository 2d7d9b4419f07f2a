import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Recent } from '../../src/adapters/http/recent.js';

const TURN = 1000;

test('what was asked for within the last stretch of time is there, and what was not for two is gone', () => {
  const step = fc.record({
    later: fc.nat(700),
    key: fc.constantFrom('a', 'b', 'c'),
    isKept: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const recent = new Recent<number>(TURN);
      const last = new Map<string, { value: number; at: number }>();
      let now = 0;
      for (const [value, { later, key, isKept }] of steps.entries()) {
        now += later;
        if (isKept) {
          recent.keep(key, value, now);
          last.set(key, { value, at: now });
          continue;
        }
        const found = recent.find(key, now);
        const known = last.get(key);
        if (known === undefined) expect(found).toBeUndefined();
        else if (now - known.at < TURN) expect(found).toBe(known.value);
        else if (found !== undefined) expect(found).toBe(known.value);
        if (found === undefined) last.delete(key);
        else known!.at = now;
      }
    }),
  );
});

test('what nobody asks for any more is let go of', () => {
  const recent = new Recent<number>(TURN);
  recent.keep('a', 1, 0);
  recent.find('other', TURN);
  recent.find('other', 2 * TURN);
  expect(recent.find('a', 2 * TURN)).toBeUndefined();
});

test('where more are kept than there is room for, those that are asked for stay, and others make room', () => {
  const recent = new Recent<number>(Infinity, 10);
  recent.keep('asked', 0, 0);
  for (let n = 1; n <= 100; n += 1) {
    recent.keep(`once ${n}`, n, 0);
    expect(recent.find('asked', 0)).toBe(0);
  }
  const kept = Array.from({ length: 100 }, (_, at) => recent.find(`once ${at + 1}`, 0) !== undefined);
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(20);
  expect(kept.at(-1)).toBe(true);
});
