import type { Entry, LogHead, Receipt } from '../domain/message-log.js';
import type { RoomState } from '../domain/room.js';
import type { SessionState } from '../domain/session.js';
import type { UserState } from '../domain/user.js';

/* The ports for moving house: all that is stored, read out and written in, whichever engine it lies in, and as a file. */

/** What an entry or a receipt is of. */
export interface OfRoom {
  readonly roomId: string;
}

/** Every kind of record that is stored, in the very shape that the rules know it by. */
export interface Records {
  /** Accounts, and guests while they are there. */
  readonly user: UserState;
  /** Live and ended. */
  readonly session: SessionState;
  /** Deleted ones included. */
  readonly room: RoomState;
  readonly log: LogHead;
  readonly entry: Entry & OfRoom;
  readonly receipt: Receipt & OfRoom;
}

export type Kind = keyof Records;

/** The kinds in the order in which they are read and written: a log before what stands in it. */
export const KINDS: readonly Kind[] = ['user', 'session', 'room', 'log', 'entry', 'receipt'];

/** Where a record stands among those of its kind: by the code points of `id`, then by `seq`. */
export interface RecordKey {
  /** Its own id; of a log, an entry or a receipt, its room's. */
  readonly id: string;
  /** Its number; 0 for what has none. */
  readonly seq: number;
}

export const keyOf = (kind: Kind, record: Records[Kind]): RecordKey => {
  if (kind === 'user' || kind === 'session' || kind === 'room')
    return { id: (record as UserState).id, seq: 0 };
  const { roomId, seq } = record as OfRoom & { readonly seq?: number };
  return { id: roomId, seq: seq ?? 0 };
};

/**
 * What every engine has beside its unit of work. Nobody asks it while people chat: it may take as long as it takes, and
 * hold up whoever writes meanwhile, but never whoever reads.
 */
export interface Archive {
  /** One consistent view of all that is stored, never older than the call, for as long as `work` takes. */
  read<T>(work: (from: ArchiveReader) => Promise<T>): Promise<T>;
  /** One transaction: resolving commits all of it, rejecting takes all of it back, and the handle dies after. `work` is run once. */
  write<T>(work: (to: ArchiveWriter) => Promise<T>): Promise<T>;
}

export interface ArchiveReader {
  /** The records of a kind that stand behind a place (null is the beginning), in order, at most `limit`. */
  page<K extends Kind>(kind: K, behind: RecordKey | null, limit: number): Promise<Records[K][]>;
  /** What was noted about a move that is under way, or null. */
  note(): Promise<string | null>;
}

export interface ArchiveWriter {
  /** What is noted as this transaction begins: it cannot be changed by another before this one is over. */
  note(): Promise<string | null>;
  setNote(note: string | null): Promise<void>;
  /**
   * Stores records as they are; a record that is there already (the same id; the same room and number; of a receipt the
   * same room, author and client message id) gives its place to the new one.
   */
  put<K extends Kind>(kind: K, records: readonly Records[K][]): Promise<void>;
  /** Removes all records of every kind. The note stays. */
  clear(): Promise<void>;
}

/** Some records of one kind, in order. */
export interface Page {
  readonly kind: Kind;
  readonly records: readonly Records[Kind][];
}

/** A backup as a file: the same for every engine. */
export interface BackupFile {
  /**
   * Writes all of it, or no file at all.
   * @throws {MoveRefused} `refused` where there is a file of that name, or none can be made
   */
  write(pages: AsyncIterable<Page>): Promise<void>;
  /**
   * All that it holds, in the order in which it was written. That it was whole is known only when the last was read.
   * @throws {MoveRefused} `damaged` where it is not, or is none, or one of a newer Parlour
   */
  read(): AsyncIterable<Page>;
}
