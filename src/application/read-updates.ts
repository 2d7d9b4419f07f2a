import type { Entry } from '../domain/message-log.js';
import { ANSWER_MAX, planReading, type Cursor } from '../domain/reading.js';
import type { OnlineList, Outlook, UnitOfWork } from './ports.js';

/** What is new to one reader. */
export interface Updates {
  readonly outlook: Outlook;
  readonly entries: readonly Entry[];
  readonly reset: boolean;
  /** How many entries that the reader never saw are no longer kept. */
  readonly missed: number;
  /** Whether there are newer entries still than these. */
  readonly more: boolean;
  /** Null when it is the list that the reader has, or was not asked for. */
  readonly online: OnlineList | null;
}

const NONE: readonly Entry[] = [];

/** Puts together what is new to a reader (requirement B13). */
export class ReadUpdates {
  constructor(private readonly storage: UnitOfWork) {}

  /** Answers at once where nothing has to be read. */
  execute(outlook: Outlook, cursor: Cursor, online: OnlineList | null): Updates | Promise<Updates> {
    const { head } = outlook;
    const { from, reset, missed } = planReading(head, cursor);
    const finish = (entries: readonly Entry[]): Updates => {
      const newest = entries.at(-1)?.seq ?? head.last;
      return { outlook, entries, reset, missed, more: newest < head.last, online };
    };
    if (from > head.last) return finish(NONE);
    const oldest = outlook.entries[0]?.seq ?? Infinity;
    if (from >= oldest) return finish(outlook.entries.slice(from - oldest));
    return this.storage
      .read((stored) => stored.entries(head.roomId, from, ANSWER_MAX))
      .then((entries) => finish(entries.filter(({ seq }) => seq <= head.last)));
  }
}
