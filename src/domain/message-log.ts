import { DomainError } from './domain-error.js';

/** What stands in a log under a number. Times are milliseconds since 1970, UTC. */
export interface Entry {
  readonly seq: number;
  readonly kind: 'message';
  readonly authorId: string;
  readonly author: string;
  readonly guest: boolean;
  readonly text: string;
  readonly at: number;
  readonly clientMessageId: string;
}

/** What is left to know a late retry by, when the entry itself is no longer kept. `digest` stands for the text. */
export interface Receipt {
  readonly authorId: string;
  readonly clientMessageId: string;
  readonly seq: number;
  readonly at: number;
  readonly digest: string;
}

/** `first` is the oldest entry kept, `last` the newest: 1 and 0 in a log nobody has written in. */
export interface LogHead {
  readonly roomId: string;
  /** Names this life of the log: numbers of one epoch say nothing in another. */
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly closed: boolean;
}

/** What is to be appended: everything about a message but its number. */
export interface Draft {
  readonly authorId: string;
  readonly author: string;
  readonly guest: boolean;
  readonly text: string;
  readonly clientMessageId: string;
  readonly digest: string;
}

/** A new entry, with what stands for its text in its receipt. */
export interface Appended {
  readonly entry: Entry;
  readonly digest: string;
}

/** Receipts at or below `seq` and older than `at` need not be kept. */
export interface ReceiptFloor {
  readonly seq: number;
  readonly at: number;
}

/** A retry is known at least so long and for so many entries: both must have passed before its receipt may go. */
export const RECEIPTS_KEPT_MS = 24 * 60 * 60 * 1000;
export const RECEIPTS_KEPT_ENTRIES = 10_000;

/**
 * Whether a stored receipt answers this post: the same key with the same text.
 * @throws {DomainError} `client-message-id-reused` when the key was used for another text
 */
export const requireSameText = (receipt: Receipt, digest: string): void => {
  if (receipt.digest !== digest) {
    throw new DomainError(
      'mismatch',
      'client-message-id-reused',
      'This message id was used for another message.',
      { field: 'clientMessageId' },
    );
  }
};

/**
 * The order of a room's messages. It knows its head only, so appending costs the same in a log of a million entries
 * as in an empty one; what it gave out since it was loaded or saved waits in it for the repository.
 */
export class MessageLog {
  private appended: Appended[] = [];
  private floor: ReceiptFloor = { seq: 0, at: 0 };

  constructor(private current: LogHead) {}

  static open(roomId: string, epoch: string): MessageLog {
    return new MessageLog({ roomId, epoch, first: 1, last: 0, closed: false });
  }

  get head(): LogHead {
    return this.current;
  }

  /**
   * Gives the next number, exactly one more than the last, and drops what exceeds the kept history (requirement C05).
   * @param history how many entries are kept
   * @throws {DomainError} `room-deleted` when the log is closed
   */
  append({ digest, ...draft }: Draft, at: number, history: number): Entry {
    if (this.current.closed) throw new DomainError('gone', 'room-deleted', 'This room was deleted.');
    const seq = this.current.last + 1;
    const entry: Entry = { seq, kind: 'message', ...draft, at };
    this.current = { ...this.current, last: seq, first: Math.max(this.current.first, seq - history + 1) };
    this.appended.push({ entry, digest });
    this.floor = { seq: seq - RECEIPTS_KEPT_ENTRIES, at: at - RECEIPTS_KEPT_MS };
    return entry;
  }

  /** Receipts that need not be kept any more are at or below this. */
  get receiptFloor(): ReceiptFloor {
    return this.floor;
  }

  /** Hands over what is to be stored, once. */
  takeAppended(): readonly Appended[] {
    const taken = this.appended;
    this.appended = [];
    return taken;
  }

  /** Ends the log with its room: nothing is kept and nothing can be appended; the last number stays known. */
  close(): void {
    this.current = { ...this.current, first: this.current.last + 1, closed: true };
  }
}
