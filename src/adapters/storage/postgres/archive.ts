import type pg from 'pg';
import type {
  Archive,
  ArchiveReader,
  ArchiveWriter,
  Kind,
  RecordKey,
  Records,
} from '../../../application/archive.js';
import { StorageUnavailable } from '../engine.js';
import { whileOpen } from '../while-open.js';
import { asTold, isLost, isTooSlow } from './failures.js';
import { connect } from './pooled.js';
import { entries, logs, receipts, rooms, sessions, users, type Relation } from './relations.js';

/** How a kind of record lies in the database. */
interface Shape {
  readonly table: string;
  readonly columnOf: Readonly<Record<string, string>>;
  /** Of what is one row the one of its kind. */
  readonly key: readonly string[];
  /** What the rows are in order by: the room or the id, then the number where there is one. */
  readonly order: readonly [id: string, seq?: string];
}

const shape = <S>(
  { table, columnOf }: Relation<S>,
  key: readonly string[],
  order: Shape['order'],
  more: Readonly<Record<string, string>> = {},
): Shape => ({ table, columnOf: { ...(columnOf as Readonly<Record<string, string>>), ...more }, key, order });

const OF_ROOM = { roomId: 'room_id' };
const SHAPES: Readonly<Record<Kind, Shape>> = {
  user: shape(users, ['id'], ['id']),
  session: shape(sessions, ['id'], ['id']),
  room: shape(rooms, ['id'], ['id']),
  log: shape(logs, ['room_id'], ['room_id']),
  entry: shape(entries, ['room_id', 'seq'], ['room_id', 'seq'], OF_ROOM),
  receipt: shape(receipts, ['room_id', 'author_id', 'client_message_id'], ['room_id', 'seq'], OF_ROOM),
};

/** Before all ids and numbers: no id is empty. */
const BEGINNING: RecordKey = { id: '', seq: 0 };

const pageQuery = (
  { table, columnOf, order: [id, seq] }: Shape,
  behind: RecordKey,
  limit: number,
): pg.QueryConfig => {
  const columns = Object.entries(columnOf).map(([field, column]) => `${column} as "${field}"`);
  const [where, order, values] =
    seq === undefined
      ? [`${id} > $2`, id, [behind.id]]
      : [`(${id}, ${seq}) > ($2, $3)`, `${id}, ${seq}`, [behind.id, behind.seq]];
  return {
    text: `select ${columns.join(', ')} from ${table} where ${where} order by ${order} limit $1`,
    values: [limit, ...values],
  };
};

const putQuery = (
  { table, columnOf, key }: Shape,
  records: readonly Readonly<Record<string, unknown>>[],
): pg.QueryConfig => {
  const columns = Object.values(columnOf);
  const rows = records.map((record) =>
    Object.fromEntries(Object.entries(columnOf).map(([field, column]) => [column, record[field]])),
  );
  const changes = columns.map((column) => `${column} = excluded.${column}`);
  return {
    text: `insert into ${table} (${columns.join(', ')})
      select ${columns.join(', ')} from json_populate_recordset(null::${table}, $1)
      on conflict (${key.join(', ')}) do update set ${changes.join(', ')}`,
    values: [JSON.stringify(rows)],
  };
};

/** Sends one query of a transaction. */
type Ask = (query: string | pg.QueryConfig) => Promise<pg.QueryResult>;

const noteOf = async (ask: Ask): Promise<string | null> => {
  const { rows } = await ask('select note from moving');
  return (rows as { note: string }[])[0]?.note ?? null;
};

const readerOf = (ask: Ask): ArchiveReader => ({
  async page<K extends Kind>(kind: K, behind: RecordKey | null, limit: number) {
    const { rows } = await ask(pageQuery(SHAPES[kind], behind ?? BEGINNING, limit));
    return rows as Records[K][];
  },
  note: () => noteOf(ask),
});

const writerOf = (ask: Ask): ArchiveWriter => ({
  note: () => noteOf(ask),
  async setNote(note) {
    await ask('delete from moving');
    if (note !== null) await ask({ text: 'insert into moving (note) values ($1)', values: [note] });
  },
  async put(kind, records) {
    if (records.length === 0) return;
    const rows = records as readonly unknown[] as readonly Readonly<Record<string, unknown>>[];
    await ask(putQuery(SHAPES[kind], rows));
  },
  async clear() {
    for (const { table } of Object.values(SHAPES)) await ask(`delete from ${table}`);
  },
});

/** Whoever reads goes on reading what was there before; whoever writes waits, in the order that transactions take locks in. */
const KEEP_WRITERS_OUT = `lock table sessions, users, rooms, logs, entries, receipts, moving in exclusive mode`;

const tooSlow = (error: unknown): StorageUnavailable =>
  new StorageUnavailable(
    'PostgreSQL took longer for one statement than archive_timeout in its address allows',
    { cause: error },
  );

const inTransaction = async <H extends object, T>(
  pool: pg.Pool,
  begin: readonly string[],
  handleOn: (ask: Ask) => H,
  work: (handle: H) => Promise<T>,
): Promise<T> => {
  const client = await connect(pool);
  let isGone = false;
  const ask: Ask = async (query) => {
    try {
      return await client.query(query);
    } catch (error) {
      isGone ||= isLost(error);
      throw isTooSlow(error) ? tooSlow(error) : asTold(error);
    }
  };
  const handle = whileOpen(handleOn(ask));
  try {
    for (const statement of begin) await ask(statement);
    const result = await work(handle.opened);
    handle.close();
    const { command } = await ask('commit');
    if (command !== 'COMMIT') throw new Error(`COMMIT was answered ${command}`);
    return result;
  } catch (error) {
    handle.close();
    if (!isGone) await ask('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(isGone);
  }
};

/** @param pool which gives up a statement, but never a transaction for its length: what is read or written may be everything */
export const archiveThrough = (pool: pg.Pool): Archive => ({
  read: (work) => inTransaction(pool, ['begin isolation level repeatable read read only'], readerOf, work),
  write: (work) =>
    inTransaction(pool, ['begin isolation level read committed', KEEP_WRITERS_OUT], writerOf, work),
});
