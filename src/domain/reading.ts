import { invalid } from './domain-error.js';
import type { LogHead } from './message-log.js';

/** How many entries one answer holds at the most. */
export const ANSWER_MAX = 200;

/** Where a reader stands: the last entry that it has applied, and the life of the log that it knows. */
export interface Cursor {
  readonly after: number;
  readonly epoch?: string | undefined;
}

/**
 * Reads the `after` of a cursor.
 * @throws {DomainError} `invalid-cursor`
 */
export const readAfter = (value: unknown): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw invalid('after', 'invalid-cursor', '“after” is the number of the last entry that you have, or 0.');
  }
  return value as number;
};

/** What a reader gets: the entries from `from`, in place of all it had (`reset`), or after a gap of `missed` entries. */
export interface Reading {
  readonly from: number;
  readonly reset: boolean;
  readonly missed: number;
}

/**
 * Decides what to give a reader (requirements B13, B14): what is newer than its cursor and nothing else; never a silent
 * hole, and never an empty answer to a cursor that cannot be right.
 */
export const planReading = (head: LogHead, { after, epoch }: Cursor): Reading => {
  if ((epoch !== undefined && epoch !== head.epoch) || after > head.last) {
    return { from: head.first, reset: true, missed: 0 };
  }
  const missed = Math.max(0, head.first - 1 - after);
  return { from: after + 1 + missed, reset: false, missed };
};
