import type { Entry } from './wire.js';

const TOGETHER_MS = 5 * 60 * 1000;

/** How a message stands to the one before it: this is for the eye only. */
export interface Standing {
  /** The same author goes on within five minutes. */
  readonly follows: boolean;
  readonly newDay: boolean;
}

/** Days are those of the reader's time zone. */
export const standing = (before: Entry | null, entry: Entry): Standing => {
  if (before === null) return { follows: false, newDay: true };
  const at = new Date(entry.at);
  const then = new Date(before.at);
  const newDay = at.toDateString() !== then.toDateString();
  const together = Math.abs(at.getTime() - then.getTime()) <= TOGETHER_MS;
  const sameAuthor = before.author === entry.author && before.guest === entry.guest;
  return { newDay, follows: !newDay && together && sameAuthor };
};
