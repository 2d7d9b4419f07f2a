import type { Entry } from '../domain/message-log.js';
import { ANSWER_MAX, planReading, type Cursor, type Reading } from '../domain/reading.js';
import { noSuchRoom, roomDeleted } from '../domain/room.js';
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

const plan = ({ head }: Outlook, cursor: Cursor | null): Reading =>
  planReading(head, cursor ?? { after: head.first - 1, epoch: head.epoch });

/** Puts together what is new to a reader (requirement B13). */
export class ReadUpdates {
  constructor(private readonly storage: UnitOfWork) {}

  /**
   * Answers at once where nothing has to be read.
   * @param cursor where the reader stands, or null for all that is kept
   * @throws {DomainError} `room-deleted`
   */
  execute(outlook: Outlook, cursor: Cursor | null, online: OnlineList | null): Updates | Promise<Updates> {
    if (outlook.head.closed) throw roomDeleted(outlook.room);
    const reading = plan(outlook, cursor);
    if (reading.from > outlook.head.last) return this.answer(outlook, reading, NONE, online);
    const oldest = outlook.entries[0]?.seq ?? Infinity;
    if (reading.from < oldest) return this.readBack(outlook, cursor, online);
    return this.answer(outlook, reading, outlook.entries.slice(reading.from - oldest), online);
  }

  /** The head is read with the entries: since the outlook, history may have been trimmed, or the room deleted. */
  private async readBack(
    { head: { roomId, epoch, last } }: Outlook,
    cursor: Cursor | null,
    online: OnlineList | null,
  ): Promise<Updates> {
    const read = await this.storage.read(async (stored) => {
      const [outlook] = await stored.outlooks([{ roomId, epoch, after: last }], 1);
      if (outlook === undefined) return null;
      const reading = plan(outlook, cursor);
      return { outlook, reading, entries: await stored.entries(roomId, reading.from, ANSWER_MAX) };
    });
    if (read === null) throw noSuchRoom();
    if (read.outlook.head.closed) throw roomDeleted(read.outlook.room);
    return this.answer(read.outlook, read.reading, read.entries, online);
  }

  private answer(
    outlook: Outlook,
    { reset, missed }: Reading,
    entries: readonly Entry[],
    online: OnlineList | null,
  ): Updates {
    const { last } = outlook.head;
    return { outlook, entries, reset, missed, more: (entries.at(-1)?.seq ?? last) < last, online };
  }
}
