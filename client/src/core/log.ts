import type { Entry, Updates } from './wire.js';

/** Where this tab stands in a room's log. */
export interface Log {
  readonly epoch: string;
  /** The last entry applied: the next answer begins after it. */
  readonly cursor: number;
  /** The oldest entry that the server keeps. */
  readonly first: number;
}

/** What an answer was asked with; an answer to a position that was left since may be stale. */
export type Asked = Pick<Log, 'epoch' | 'cursor'>;

/** What to append: messages, and how many entries are missing before one. */
export type LogItem =
  | { readonly kind: 'message'; readonly entry: Entry }
  | { readonly kind: 'gap'; readonly missed: number; readonly seq: number };

export interface Applied {
  readonly log: Log;
  readonly items: readonly LogItem[];
  /** The items stand in place of everything before. */
  readonly reset: boolean;
}

/** The log of a room just entered, before the entries that its answer brings. */
export const enteredLog = ({ epoch, first }: Updates): Log => ({ epoch, cursor: first - 1, first });

const nothing = (log: Log): Applied => ({ log, items: [], reset: false });

/**
 * Applies an answer, however late, repeated or out of order: the cursor advances only over entries that follow it without a
 * hole, so that what was passed over comes again with the next answer.
 */
export const applyUpdates = (log: Log, asked: Asked, updates: Updates): Applied => {
  if (updates.reset) {
    const stale = asked.epoch !== log.epoch || asked.cursor !== log.cursor;
    return stale ? nothing(log) : { ...append(enteredLog(updates), updates), reset: true };
  }
  return updates.epoch === log.epoch ? append(log, updates) : nothing(log);
};

const append = (log: Log, { entries, first, missed }: Updates): Applied => {
  const items: LogItem[] = [];
  let { cursor } = log;
  for (const entry of entries) {
    if (entry.seq <= cursor) continue;
    if (entry.seq > cursor + 1) {
      if (missed === undefined || entry.seq !== first) break;
      items.push({ kind: 'gap', missed: first - 1 - cursor, seq: first });
    }
    cursor = entry.seq;
    if (entry.kind === 'message') items.push({ kind: 'message', entry });
  }
  return { log: { epoch: log.epoch, cursor, first: Math.max(first, log.first) }, items, reset: false };
};

/** Whether to ask again at once: only when this answer brings the log further, so that no answer can make a burst. */
export const bringsMore = ({ cursor }: Asked, { more, entries, missed, reset }: Updates): boolean => {
  const next = entries[0]?.seq ?? 0;
  return more === true && (reset === true || next === cursor + 1 || (missed !== undefined && next > cursor));
};
