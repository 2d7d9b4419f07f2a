import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogHead } from '../../src/domain/message-log.js';
import { ANSWER_MAX, planReading, readAfter, type Cursor } from '../../src/domain/reading.js';
import { refused } from './refused.js';

const heads: fc.Arbitrary<LogHead> = fc.record({
  roomId: fc.constant('room'),
  epoch: fc.constant('now'),
  first: fc.integer({ min: 1, max: 500 }),
  last: fc.nat(500),
  closed: fc.constant(false),
});
/** Of a log, `first` is at most one more than `last`. */
const logs = heads.map((head) => ({ ...head, last: Math.max(head.last, head.first - 1) }));
const cursors: fc.Arbitrary<Cursor> = fc.record({
  after: fc.oneof(fc.nat(700), fc.constant(Number.MAX_SAFE_INTEGER)),
  epoch: fc.constantFrom(undefined, 'now', 'before', ''),
});
const isRight = (head: LogHead, { after, epoch }: Cursor) =>
  after <= head.last && (epoch === undefined || epoch === head.epoch);

test('B13: a cursor within what is kept gets exactly what is newer', () => {
  fc.assert(
    fc.property(logs, cursors, (head, cursor) => {
      fc.pre(isRight(head, cursor) && cursor.after >= head.first - 1);
      expect(planReading(head, cursor)).toEqual({ from: cursor.after + 1, reset: false, missed: 0 });
    }),
  );
});

test('B14: a cursor behind what is kept gets all that is kept, and how many entries it missed', () => {
  fc.assert(
    fc.property(logs, cursors, (head, cursor) => {
      fc.pre(isRight(head, cursor) && cursor.after < head.first - 1);
      const { from, reset, missed } = planReading(head, cursor);
      expect({ from, reset }).toEqual({ from: head.first, reset: false });
      expect(cursor.after + missed).toBe(head.first - 1);
    }),
  );
});

test('B14: a cursor of another life, or beyond the end, is answered by all that is kept in place of what was', () => {
  fc.assert(
    fc.property(logs, cursors, (head, cursor) => {
      fc.pre(!isRight(head, cursor));
      expect(planReading(head, cursor)).toEqual({ from: head.first, reset: true, missed: 0 });
    }),
  );
});

test('B14: whoever reads again and again, answer by answer, has the log as it is, or knows what is gone', () => {
  fc.assert(
    fc.property(logs, cursors, (head, start) => {
      let had: number[] | null = null;
      let cursor = start;
      for (let answers = 0; answers < 10; answers++) {
        const { from, reset, missed } = planReading(head, cursor);
        const count = Math.max(0, Math.min(ANSWER_MAX, head.last - from + 1));
        const entries = Array.from({ length: count }, (_, at) => from + at);
        if (answers > 0) expect({ reset, missed }).toEqual({ reset: false, missed: 0 });
        if (!reset) expect((entries[0] ?? cursor.after + missed + 1) - missed - 1).toBe(cursor.after);
        had = [...(had ?? []), ...entries];
        cursor = { after: entries.at(-1) ?? (reset ? head.last : cursor.after + missed), epoch: head.epoch };
      }
      expect(cursor.after).toBe(head.last);
      expect(had).toEqual([...new Set(had)]);
    }),
  );
});

test('whoever reads an empty log from its beginning is not behind and not beyond it', () => {
  const empty = { roomId: 'room', epoch: 'now', first: 1, last: 0, closed: false };
  expect(planReading(empty, { after: 0 })).toEqual({ from: 1, reset: false, missed: 0 });
});

test('the number of the last entry that a reader has is a safe integer, 0 or more, and anything else is refused', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (after) => expect(readAfter(after)).toBe(after)),
    { examples: [[0], [Number.MAX_SAFE_INTEGER]] },
  );
  const other = fc.oneof(
    fc.integer({ max: -1 }),
    fc.double().filter((value) => !Number.isInteger(value)),
    fc.constantFrom(2 ** 53, null, undefined, true, '5', [5], {}),
  );
  fc.assert(fc.property(other, (value) => expect(refused(() => readAfter(value))).toBe('invalid-cursor')));
});
