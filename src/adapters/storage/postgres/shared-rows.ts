import type { LogHead, Receipt } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';
import { logs, receipts, rooms, sessions, users } from './relations.js';
import { trimLogs, type LogChange } from './trimming.js';
import type { Statement, Transaction } from './transaction.js';

interface States {
  readonly sessions: SessionState;
  readonly users: UserState;
  readonly rooms: RoomState;
  readonly logs: LogHead;
  readonly receipts: Receipt;
}
export type Kind = keyof States;
export type StateOf<K extends Kind> = States[K];

const allOf = (table: string, columns: string, key: string): Statement => ({
  name: `${table} together`,
  text: `select ${columns} from ${table} where ${key} = any($1) order by ${key} for update`,
});

/** In the order in which every transaction locks; within a kind, by key. Receipts are locked by their log. */
const GETS: Readonly<Record<Kind, Statement>> = {
  sessions: allOf('sessions', sessions.columns, 'id'),
  users: allOf('users', users.columns, 'id'),
  rooms: allOf('rooms', rooms.columns, 'id'),
  logs: allOf('logs', logs.columns, 'room_id'),
  receipts: {
    name: 'receipts together',
    text: `select room_id as "roomId", ${receipts.columns}
      from unnest($1::text[], $2::text[], $3::text[]) as asked (room, author, message)
      join receipts on room_id = asked.room and author_id = asked.author and client_message_id = asked.message`,
  },
};
const KINDS = Object.keys(GETS) as Kind[];
const LOCKED: readonly Kind[] = KINDS.filter((kind) => kind !== 'receipts');

const APPEND: Statement = {
  name: 'append together',
  text: `with changed as (
      select * from json_to_recordset($1) as ("roomId" text, first bigint, last bigint)
    ), appended as (
      select * from json_to_recordset($2) as ("roomId" text, first bigint, seq bigint, kind text, "authorId" text,
        author text, guest boolean, text text, at bigint, "clientMessageId" text, digest text)
    ), moved as (
      update logs set first = changed.first, last = changed.last from changed where room_id = changed."roomId"
    ), kept as (
      insert into entries (room_id, seq, kind, author_id, author, guest, text, at, client_message_id)
      select "roomId", seq, kind, "authorId", author, guest, text, at, "clientMessageId" from appended where seq >= first
    )
    insert into receipts (room_id, author_id, client_message_id, seq, at, digest)
    select "roomId", "authorId", "clientMessageId", seq, at, digest from appended`,
};

/** The parts of a receipt's key in one text, as the other rows have theirs. */
export const receiptKey = (...parts: [roomId: string, authorId: string, clientMessageId: string]): string =>
  JSON.stringify(parts);

const keyOf = (kind: Kind, row: object): string => {
  if (kind === 'logs') return (row as LogHead).roomId;
  if (kind !== 'receipts') return (row as SessionState | UserState | RoomState).id;
  const { roomId, authorId, clientMessageId } = row as Receipt & { roomId: string };
  return receiptKey(roomId, authorId, clientMessageId);
};

interface Wanted {
  resolve(): void;
  reject(error: unknown): void;
}

/** The rows of one transaction in which several units of work are done one after the other. */
export class SharedRows {
  private readonly rows = new Map<Kind, Map<string, object | null>>(KINDS.map((kind) => [kind, new Map()]));
  private readonly wanted = new Map<Kind, Map<string, Wanted[]>>(KINDS.map((kind) => [kind, new Map()]));
  private readonly changes = new Map<string, LogChange>();
  /** The last kind, in the order of locking, of which rows are locked. */
  private lockedUpTo = -1;

  constructor(private readonly to: Transaction) {}

  /** Null where there is none, undefined where nobody has asked. */
  known<K extends Kind>(kind: K, key: string): StateOf<K> | null | undefined {
    return this.rows.get(kind)!.get(key) as StateOf<K> | null | undefined;
  }

  /** Whether the row would be locked out of turn: what comes behind it in the order of locking is locked already. */
  comesTooLate(kind: Kind, key: string): boolean {
    const place = LOCKED.indexOf(kind);
    return place >= 0 && place <= this.lockedUpTo && this.known(kind, key) === undefined;
  }

  /** Waits for a `load`, unless the row is known. */
  async want<K extends Kind>(kind: K, key: string): Promise<StateOf<K> | null> {
    if (this.known(kind, key) === undefined) {
      await new Promise<void>((resolve, reject) => {
        const wanted = this.wanted.get(kind)!;
        wanted.set(key, [...(wanted.get(key) ?? []), { resolve, reject }]);
      });
    }
    return this.known(kind, key)!;
  }

  /** Gets and locks what is wanted, kind by kind, with one wait for all. @returns whether anything was */
  async load(): Promise<boolean> {
    const kinds = KINDS.filter((kind) => this.wanted.get(kind)!.size > 0);
    this.lockedUpTo = Math.max(this.lockedUpTo, ...kinds.map((kind) => LOCKED.indexOf(kind)));
    await Promise.all(kinds.map((kind) => this.loadKind(kind)));
    return kinds.length > 0;
  }

  private async loadKind(kind: Kind): Promise<void> {
    const wanted = this.wanted.get(kind)!;
    this.wanted.set(kind, new Map());
    const keys = [...wanted.keys()];
    try {
      const found = await this.to.ask<object>(GETS[kind], valuesFor(kind, keys));
      const rows = this.rows.get(kind)!;
      for (const key of keys) rows.set(key, null);
      for (const row of found) rows.set(keyOf(kind, row), row);
    } catch (error) {
      for (const waiting of wanted.values()) for (const { reject } of waiting) reject(error);
      throw error;
    }
    for (const waiting of wanted.values()) for (const { resolve } of waiting) resolve();
  }

  /** What a unit of work did is what the next one finds. */
  accept(change: LogChange): void {
    const { roomId } = change.head;
    const before = this.changes.get(roomId)?.appended ?? [];
    this.changes.set(roomId, { ...change, appended: [...before, ...change.appended] });
    this.rows.get('logs')!.set(roomId, change.head);
    for (const { entry, digest } of change.appended) {
      const { authorId, clientMessageId, seq, at } = entry;
      const receipt: Receipt = { authorId, clientMessageId, seq, at, digest };
      this.rows.get('receipts')!.set(receiptKey(roomId, authorId, clientMessageId), receipt);
    }
  }

  /** Sends all that was accepted along with whatever is sent next. */
  store(): void {
    const changes = [...this.changes.values()];
    if (changes.length === 0) return;
    const appended = changes.flatMap(({ head, appended: drafts }) =>
      drafts.map(({ entry, digest }) => ({ ...entry, digest, roomId: head.roomId, first: head.first })),
    );
    this.to.store(APPEND, [JSON.stringify(changes.map(({ head }) => head)), JSON.stringify(appended)]);
    trimLogs(this.to, changes);
  }
}

const valuesFor = (kind: Kind, keys: readonly string[]): unknown[] => {
  if (kind !== 'receipts') return [keys];
  const parts = keys.map((key) => JSON.parse(key) as [string, string, string]);
  return [0, 1, 2].map((place) => parts.map((key) => key[place]));
};
