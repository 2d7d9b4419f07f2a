import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyUpdates, bringsMore, enteredLog, type Log } from '../../client/src/core/log.js';
import type { Updates } from '../../client/src/core/wire.js';
import { answer, entry } from './fakes.js';

const at = (cursor: number, epoch = 'one', first = 1): Log => ({ epoch, cursor, first });
const shown = ({ items }: ReturnType<typeof applyUpdates>) =>
  items.map((item) => (item.kind === 'message' ? item.entry.seq : `${item.missed} missed`));

test('B13 Only what is newer than the cursor is shown, though an answer repeats what came before', () => {
  const applied = applyUpdates(at(5), at(3), answer({ last: 7 }, at(3)));
  expect(shown(applied)).toEqual([6, 7]);
  expect(applied.log.cursor).toBe(7);
  expect(applied.reset).toBe(false);
});

test('B14 The cursor never passes a hole: what lies behind it is left for the next answer', () => {
  const updates: Updates = { epoch: 'one', first: 1, last: 5, entries: [entry(3), entry(5)] };
  const applied = applyUpdates(at(2), at(2), updates);
  expect(shown(applied)).toEqual([3]);
  expect(applied.log.cursor).toBe(3);
});

test('A gap that the server names is one line, counted from where this reader stands', () => {
  const applied = applyUpdates(at(5), at(3), answer({ first: 11, last: 12 }, at(3)));
  expect(shown(applied)).toEqual(['5 missed', 11, 12]);
});

test('B14 No hole is passed but the one that the server names, before the oldest entry that it keeps', () => {
  const named: Updates = { ...answer({ first: 11, last: 13 }, at(5)), entries: [entry(11), entry(13)] };
  expect(shown(applyUpdates(at(5), at(5), named))).toEqual(['5 missed', 11]);
  const behind: Updates = { ...named, entries: [entry(12), entry(13)] };
  expect(shown(applyUpdates(at(5), at(5), behind))).toEqual([]);
  const unnamed: Updates = { epoch: 'one', first: 11, last: 11, entries: [entry(11)] };
  expect(shown(applyUpdates(at(5), at(5), unnamed))).toEqual([]);
});

test('C05 What is no longer kept stays so, though a late answer still knew of it', () => {
  const applied = applyUpdates(at(5, 'one', 4), at(3), answer({ first: 2, last: 6 }, at(3)));
  expect(applied.log).toEqual(at(6, 'one', 4));
});

test('C05 Entering brings what is kept, without a gap', () => {
  const entered = { ...answer({ first: 13, last: 112 }, at(12)) };
  const applied = applyUpdates(enteredLog(entered), enteredLog(entered), entered);
  expect(applied.items).toHaveLength(100);
  expect(applied.log).toEqual({ epoch: 'one', cursor: 112, first: 13 });
});

test('A new epoch takes the place of everything, and answers of the old one count no more', () => {
  const applied = applyUpdates(at(40), at(40), answer({ epoch: 'two', last: 3 }, at(40)));
  expect(applied.reset).toBe(true);
  expect(shown(applied)).toEqual([1, 2, 3]);
  for (const asked of [at(40), at(3)]) {
    const late = applyUpdates(applied.log, asked, answer({ last: 45 }, asked));
    expect(late.log).toEqual(applied.log);
    expect(late.items).toEqual([]);
  }
});

test('A reset that was asked for from a place left since is ignored', () => {
  const reset = answer({ epoch: 'two', last: 3 }, at(40));
  expect(applyUpdates(at(41), at(40), reset)).toMatchObject({ reset: false, items: [] });
  expect(applyUpdates(at(40, 'three'), at(40), reset)).toMatchObject({ reset: false, items: [] });
});

test('A log that is shorter than the cursor, in the same epoch, is a reset too', () => {
  const applied = applyUpdates(at(9), at(9), answer({ last: 4 }, at(9)));
  expect(applied.reset).toBe(true);
  expect(applied.log.cursor).toBe(4);
});

test('An entry of a kind unknown here is passed over and counted', () => {
  const updates: Updates = {
    epoch: 'one',
    first: 1,
    last: 2,
    entries: [entry(1, { kind: 'poll' }), entry(2)],
  };
  const applied = applyUpdates(at(0), at(0), updates);
  expect(shown(applied)).toEqual([2]);
  expect(applied.log.cursor).toBe(2);
});

test('B15 “More” is believed only when the answer brings the log further', () => {
  const more = { ...answer({ last: 9 }, at(3)), more: true };
  expect(bringsMore(at(3), more)).toBe(true);
  expect(bringsMore(at(9), more)).toBe(false);
  expect(bringsMore(at(2), more)).toBe(false);
  expect(bringsMore(at(3), { ...more, entries: [] })).toBe(false);
  expect(bringsMore(at(3), { ...more, more: false })).toBe(false);
  expect(bringsMore(at(0), { ...more, entries: [] })).toBe(false);
  const behind = { ...answer({ first: 7, last: 9 }, at(3)), more: true };
  expect(bringsMore(at(3), behind)).toBe(true);
  expect(bringsMore(at(7), behind)).toBe(false);
  expect(bringsMore(at(3), { ...answer({ epoch: 'two', last: 2 }, at(3)), more: true })).toBe(true);
});

test('B14 However answers are delayed, repeated, lost or shuffled, each message is shown once, in order, without a hole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(6), fc.boolean()), { maxLength: 60 }), (moves) => {
      let log = at(0);
      let last = 0;
      const all: (number | string)[] = [];
      const onTheWay: { asked: Log; updates: Updates }[] = [];
      const hear = (index: number, keep: boolean) => {
        const heard = onTheWay[index % Math.max(1, onTheWay.length)];
        if (heard === undefined) return;
        if (!keep) onTheWay.splice(onTheWay.indexOf(heard), 1);
        const applied = applyUpdates(log, heard.asked, heard.updates);
        log = applied.log;
        all.push(...shown(applied));
      };
      for (const [posted, index, keep] of moves) {
        last += posted;
        const updates = answer({ last }, log);
        onTheWay.push({
          asked: log,
          updates: keep ? { ...updates, entries: [...updates.entries].reverse() } : updates,
        });
        hear(index, keep);
      }
      onTheWay.push({ asked: log, updates: answer({ last }, log) });
      hear(onTheWay.length - 1, false);
      expect(all).toEqual(Array.from({ length: last }, (_, n) => n + 1));
    }),
    { numRuns: 500 },
  );
});
