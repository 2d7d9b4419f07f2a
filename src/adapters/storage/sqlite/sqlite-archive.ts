import type { ArchiveReader, ArchiveWriter, Kind, RecordKey, Records } from '../../../application/archive.js';
import type { Connection } from './database.js';
import { putting, SHAPES, valuesOf, type Shape } from './shapes.js';

type Row = Record<string, string | number | null>;

const pageSql = ({ table, columns, order: [id, seq] }: Shape): string =>
  `SELECT ${columns.join(', ')} FROM ${table}
   WHERE ${seq === undefined ? `${id} > $id` : `(${id}, ${seq}) > ($id, $seq)`}
   ORDER BY ${id}${seq === undefined ? '' : `, ${seq}`} LIMIT $limit`;

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
    const sql = putting(shape);
    for (const record of records) connection.run(sql, valuesOf(shape, record));
  },
  async clear() {
    for (const { table } of Object.values(SHAPES)) connection.run(`DELETE FROM ${table}`);
  },
});
