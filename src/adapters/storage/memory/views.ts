import type { Entry, LogHead, Receipt } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';
import { Table, TableView } from './table.js';

/** A log as it is stored: a new one for every change, so that whoever holds the old one can read on in it. */
export interface StoredLog {
  readonly head: LogHead;
  readonly entries: readonly Entry[];
}

/** Under which a receipt is kept. */
export const receiptId = (roomId: string, authorId: string, clientMessageId: string): string =>
  `${roomId} ${authorId} ${clientMessageId}`;

/** Under which the one note is kept. */
export const NOTE = 'note';

/** What is stored. */
export const emptyTables = () => ({
  /** Found by the user whose live session it is. */
  sessions: new Table<SessionState>([({ ending, userId }) => (ending === null ? userId : null)]),
  /** Found by name, and by room. */
  users: new Table<UserState>([({ usernameKey }) => usernameKey, ({ roomId }) => roomId]),
  /** Found by name, unless deleted. */
  rooms: new Table<RoomState>([({ nameKey, deletedBy }) => (deletedBy === null ? nameKey : null)]),
  logs: new Table<StoredLog>(),
  /** By room, author and client message id; found by room. */
  receipts: new Table<Receipt & { readonly roomId: string }>([({ roomId }) => roomId]),
  notes: new Table<string>(),
});

export type Tables = ReturnType<typeof emptyTables>;

/** All that is stored, as one reader or writer sees it. */
export class Views {
  readonly sessions;
  readonly users;
  readonly rooms;
  readonly logs;
  readonly receipts;
  readonly notes;

  constructor(tables: Tables) {
    this.sessions = new TableView(tables.sessions);
    this.users = new TableView(tables.users);
    this.rooms = new TableView(tables.rooms);
    this.logs = new TableView(tables.logs);
    this.receipts = new TableView(tables.receipts);
    this.notes = new TableView(tables.notes);
  }

  /** Everything is gone but the note. */
  clear(): void {
    for (const view of [this.sessions, this.users, this.rooms, this.logs, this.receipts]) view.clear();
  }

  commit(readers: readonly Views[]): void {
    this.sessions.commit(readers.map(({ sessions }) => sessions));
    this.users.commit(readers.map(({ users }) => users));
    this.rooms.commit(readers.map(({ rooms }) => rooms));
    this.logs.commit(readers.map(({ logs }) => logs));
    this.receipts.commit(readers.map(({ receipts }) => receipts));
    this.notes.commit(readers.map(({ notes }) => notes));
  }
}
