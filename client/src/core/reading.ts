import type { Entry } from './wire.js';

/** How far someone has read, and what has come since. */
export interface Reading {
  readonly readTo: number;
  /** The entry before which "New messages" stands; 0 for none. */
  readonly divider: number;
  /** How many messages of others came while nobody looked. */
  readonly unread: number;
}

/** @param readTo where the reader left off last time; `cursor` for one who is new */
export const beginReading = (readTo: number): Reading => ({ readTo, divider: 0, unread: 0 });

export const isOwn = (entry: Entry): boolean => entry.clientMessageId !== undefined;

/** @param attentive the page is seen and the end of the log with it */
export const arrive = (reading: Reading, entries: readonly Entry[], attentive: boolean): Reading => {
  const news = entries.filter((entry) => entry.seq > reading.readTo && !isOwn(entry));
  if (attentive) return catchUp(reading, entries.at(-1)?.seq ?? reading.readTo);
  if (news.length === 0) return reading;
  const divider = reading.divider > reading.readTo ? reading.divider : news[0]!.seq;
  return { ...reading, divider, unread: reading.unread + news.length };
};

/** The divider stays where it was: it shows where reading began again. */
export const catchUp = (reading: Reading, cursor: number): Reading =>
  reading.unread === 0 && cursor <= reading.readTo
    ? reading
    : { ...reading, readTo: Math.max(cursor, reading.readTo), unread: 0 };
