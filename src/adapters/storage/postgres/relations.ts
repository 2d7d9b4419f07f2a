import type { Entry, LogHead, Receipt } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';

/** How a state lies in a table: its fields are the aliases of the columns, so that a row that was read is the state. */
export interface Relation<S> {
  readonly table: string;
  readonly columnOf: Readonly<Record<keyof S, string>>;
  /** The columns, each under its field's name. */
  readonly columns: string;
  /** Stores what is known not to be there yet: where it is after all, the transaction fails. */
  readonly insert: string;
  /** Stores what is known to be there. */
  readonly update: string;
  /** Stores it whether it was there or not. */
  readonly upsert: string;
  values(state: S): unknown[];
}

const relation = <S extends object>(
  table: string,
  key: string,
  columnOf: Readonly<Record<keyof S, string>>,
): Relation<S> => {
  const fields = Object.keys(columnOf) as (keyof S & string)[];
  const columns = fields.map((field) => columnOf[field]);
  const places = fields.map((_, at) => `$${at + 1}`).join(', ');
  const insert = `insert into ${table} (${columns.join(', ')}) values (${places})`;
  const others = columns.filter((column) => column !== key);
  const changes = others.map((column) => `${column} = excluded.${column}`);
  const placeOf = (column: string) => `$${columns.indexOf(column) + 1}`;
  return {
    table,
    columnOf,
    columns: fields.map((field) => `${columnOf[field]} as "${field}"`).join(', '),
    insert,
    update: `update ${table} set ${others.map((column) => `${column} = ${placeOf(column)}`).join(', ')}
      where ${key} = ${placeOf(key)}`,
    upsert: `${insert} on conflict (${key}) do update set ${changes.join(', ')}`,
    values: (state) => fields.map((field) => state[field]),
  };
};

export const sessions = relation<SessionState>('sessions', 'id', {
  id: 'id',
  userId: 'user_id',
  startedAt: 'started_at',
  seenAt: 'seen_at',
  ending: 'ending',
  endedAt: 'ended_at',
});

export const users = relation<UserState>('users', 'id', {
  id: 'id',
  username: 'username',
  usernameKey: 'username_key',
  passwordHash: 'password_hash',
  roomId: 'room_id',
  createdAt: 'created_at',
});

export const rooms = relation<RoomState>('rooms', 'id', {
  id: 'id',
  name: 'name',
  nameKey: 'name_key',
  creatorId: 'creator_id',
  creator: 'creator',
  capacity: 'capacity',
  members: 'members',
  createdAt: 'created_at',
  deletedBy: 'deleted_by',
  deletedAt: 'deleted_at',
});

export const logs = relation<LogHead>('logs', 'room_id', {
  roomId: 'room_id',
  epoch: 'epoch',
  first: 'first',
  last: 'last',
  closed: 'closed',
});

export const entries = relation<Entry>('entries', 'room_id, seq', {
  seq: 'seq',
  kind: 'kind',
  authorId: 'author_id',
  author: 'author',
  guest: 'guest',
  text: 'text',
  at: 'at',
  clientMessageId: 'client_message_id',
});

export const receipts = relation<Receipt>('receipts', 'room_id, author_id, client_message_id', {
  authorId: 'author_id',
  clientMessageId: 'client_message_id',
  seq: 'seq',
  at: 'at',
  digest: 'digest',
});
