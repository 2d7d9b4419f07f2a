import type { Kind, Records } from '../../../application/archive.js';

/** How a kind of record lies in the file. Columns are named as the record's members are. */
export interface Shape {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of what is one row the one of its kind. */
  readonly key: readonly string[];
  /** What the rows are in order by: the room or the id, then the number where there is one. */
  readonly order: readonly [id: string, seq?: string];
  /** Columns in which 1 and 0 stand for yes and no. */
  readonly flags: readonly string[];
}

export const SHAPES: {
  readonly [kind in Kind]: Shape & { readonly columns: readonly (keyof Records[kind])[] };
} = {
  user: {
    table: 'users',
    columns: ['id', 'username', 'usernameKey', 'passwordHash', 'roomId', 'createdAt'],
    key: ['id'],
    order: ['id'],
    flags: [],
  },
  session: {
    table: 'sessions',
    columns: ['id', 'userId', 'startedAt', 'seenAt', 'ending', 'endedAt'],
    key: ['id'],
    order: ['id'],
    flags: [],
  },
  room: {
    table: 'rooms',
    columns: [
      'id',
      'name',
      'nameKey',
      'creatorId',
      'creator',
      'capacity',
      'members',
      'createdAt',
      'deletedBy',
      'deletedAt',
    ],
    key: ['id'],
    order: ['id'],
    flags: [],
  },
  log: {
    table: 'logs',
    columns: ['roomId', 'epoch', 'first', 'last', 'closed'],
    key: ['roomId'],
    order: ['roomId'],
    flags: ['closed'],
  },
  entry: {
    table: 'entries',
    columns: ['roomId', 'seq', 'kind', 'authorId', 'author', 'guest', 'text', 'at', 'clientMessageId'],
    key: ['roomId', 'seq'],
    order: ['roomId', 'seq'],
    flags: ['guest'],
  },
  receipt: {
    table: 'receipts',
    columns: ['roomId', 'authorId', 'clientMessageId', 'seq', 'at', 'digest'],
    key: ['roomId', 'authorId', 'clientMessageId'],
    order: ['roomId', 'seq'],
    flags: [],
  },
};

/** `INSERT` that takes the place of what has the same key; its values are given in the order of the columns. */
export const putting = ({ table, columns, key }: Shape): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
   ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${columns
     .filter((name) => !key.includes(name))
     .map((name) => `${name} = excluded.${name}`)
     .join(', ')}`;

/** A record's values in the order of the columns. */
export const valuesOf = ({ columns }: Shape, record: object): (string | number | null)[] =>
  columns.map((name) => {
    const value = (record as Readonly<Record<string, string | number | boolean | null>>)[name]!;
    return typeof value === 'boolean' ? Number(value) : value;
  });
