import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HttpError } from '../../src/adapters/http/http-error.js';
import { RateLimits, type Limit } from '../../src/adapters/http/rate-limits.js';
import { SlidingWindow } from '../../src/adapters/http/sliding-window.js';

/** How many of so many at once, each time, are let through; and what the last that was refused is told to wait, in seconds. */
const letThrough = (limit: Limit, bursts: readonly { readonly at: number; readonly count: number }[]) => {
  let now = 0;
  const limits = new RateLimits(true, () => now);
  let retryAfter: string | undefined;
  const passed = bursts.map(({ at, count }) => {
    now = at;
    let passing = 0;
    for (let one = 0; one < count; one += 1) {
      try {
        limits.spend(limit, 'user');
        passing += 1;
      } catch (error) {
        if (!(error instanceof HttpError) || error.code !== 'too-fast') throw error;
        retryAfter = error.headers['Retry-After'];
      }
    }
    return passing;
  });
  return { passed, retryAfter };
};

test('no twenty-first post passes within any four seconds, wherever they begin', () => {
  const bursts = [
    { at: 0, count: 1 },
    { at: 3900, count: 20 },
    { at: 4000, count: 20 },
    { at: 7899, count: 20 },
    { at: 7900, count: 20 },
  ];
  expect(letThrough('posts', bursts)).toEqual({ passed: [1, 19, 1, 0, 19], retryAfter: '1' });
});

test('no eleventh poll passes within any second, wherever it begins, and ten in each do', () => {
  const bursts = [
    { at: 0, count: 1 },
    { at: 990, count: 20 },
    { at: 1000, count: 20 },
    { at: 1989, count: 20 },
    { at: 1990, count: 20 },
    { at: 3000, count: 20 },
    { at: 4000, count: 20 },
  ];
  expect(letThrough('polls', bursts)).toEqual({ passed: [1, 9, 1, 0, 9, 10, 10], retryAfter: '1' });
});

test('no eleventh new room passes within any minute, and the time to wait is said', () => {
  const bursts = [
    { at: 0, count: 1 },
    { at: 59_000, count: 20 },
    { at: 60_000, count: 20 },
  ];
  expect(letThrough('new rooms', bursts)).toEqual({ passed: [1, 9, 1], retryAfter: '59' });
});

test('whoever asks when, each passes if and only if fewer than the limit of theirs passed in the time before', () => {
  const LIMIT = 3;
  const LENGTH = 100;
  const asked = fc.array(
    fc.record({
      key: fc.constantFrom('one', 'two'),
      pause: fc.oneof(fc.nat(60), fc.constantFrom(0, 99, 100, 101, 1000)),
    }),
    { maxLength: 100 },
  );
  fc.assert(
    fc.property(asked, (all) => {
      const window = new SlidingWindow(LIMIT, LENGTH);
      const passed = new Map<string, number[]>();
      let now = 0;
      for (const { key, pause } of all) {
        now += pause;
        const before = passed.get(key) ?? [];
        const within = before.filter((time) => time > now - LENGTH);
        const wait = window.spend(key, now);
        expect(wait).toBe(within.length < LIMIT ? 0 : within[0]! + LENGTH - now);
        if (wait === 0) passed.set(key, [...before, now]);
      }
    }),
    { numRuns: 500 },
  );
});

test('letting go of whoever has not done it for a minute lets nobody else do it more often', () => {
  const window = new SlidingWindow(2, 1000);
  const spend = (key: string, now: number) => window.spend(key, now);
  expect(spend('one', 0)).toBe(0);
  expect([spend('one', 59_500), spend('one', 59_800)]).toEqual([0, 0]);
  expect(spend('another', 60_000)).toBe(0);
  expect([spend('one', 60_100), spend('one', 60_500), spend('one', 60_600)]).toEqual([400, 0, 200]);
  expect(spend('another', 180_000)).toBe(0);
  expect([spend('one', 180_000), spend('one', 180_000), spend('one', 180_000)]).toEqual([0, 0, 1000]);
});
