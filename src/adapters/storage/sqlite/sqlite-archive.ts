import type { ArchiveReader, ArchiveWriter, Kind, RecordKey, Records } from '../../../application/archive.js';
import type { Connection } from './database.js';

/** How a kind of record lies in the file. Columns are named as the record's members are. */
interface Shape {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of what is one row the one of its kind. */
  readonly key: readonly string[];
  /** What the rows are in order by: the room or the id, then the number where there is one. */
  readonly order: readonly [id: string, seq?: string];
  /** Columns in which 1 and 0 stand for yes and no. */
  readonly flags: readonly string[];
}

const SHAPES: { readonly [kind in Kind]: Shape & { readonly columns: readonly (keyof Records[kind])[] } } = {
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

type Row = Record<string, string | number | null>;

const pageSql = ({ table, columns, order: [id, seq] }: Shape): string =>
  `SELECT ${columns.join(', ')} FROM ${table}
   WHERE ${seq === undefined ? `${id} > $id` : `(${id}, ${seq}) > ($id, $seq)`}
   ORDER BY ${id}${seq === undefined ? '' : `, ${seq}`} LIMIT $limit`;

const putSql = ({ table, columns, key }: Shape): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `$${name}`).join(', ')})
   ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** Before all ids and numbers: no id is empty. */
const BEGINNING: RecordKey = { id: '', seq: 0 };

const note = (connection: Connection): string | null =>
  connection.one<{ note: string }>('SELECT note FROM moving')?.note ?? null;

/** Reads of one snapshot. */
export const sqliteArchiveReader = (connection: Connection): ArchiveReader => ({
  async page<K extends Kind>(kind: K, behind: RecordKey | null, limit: number) {
    const shape: Shape = SHAPES[kind];
    const { id, seq } = behind ?? BEGINNING;
    const place: Row = shape.order.length === 1 ? { id } : { id, seq };
    const rows = connection.all<Row>(pageSql(shape), { ...place, limit });
    for (const row of rows) {
      for (const flag of shape.flags) (row as Record<string, unknown>)[flag] = row[flag] === 1;
    }
    return rows as unknown as Records[K][];
  },
  note: async () => note(connection),
});

/** Writes of one transaction. */
export const sqliteArchiveWriter = (connection: Connection): ArchiveWriter => ({
  note: async () => note(connection),
  async setNote(text) {
    connection.run('DELETE FROM moving');
    if (text !== null) connection.run('INSERT INTO moving (id, note) VALUES (1, $text)', { text });
  },
  async put(kind, records) {
    const shape: Shape = SHAPES[kind];
    const sql = putSql(shape);
    for (const record of records) {
      const row: Row = {};
      for (const name of shape.columns) {
        const value = (record as unknown as Readonly<Record<string, string | number | boolean | null>>)[
          name
        ]!;
        row[name] = typeof value === 'boolean' ? Number(value) : value;
      }
      connection.run(sql, row);
    }
  },
  async clear() {
    for (const { table } of Object.values(SHAPES)) connection.run(`DELETE FROM ${table}`);
  },
});
