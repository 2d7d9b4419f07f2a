import { DatabaseSync } from '@photostructure/sqlite';
import { StorageUnavailable } from '../engine.js';

export { DatabaseSync };
export type Database = InstanceType<typeof DatabaseSync>;

type Statement = ReturnType<Database['prepare']>;
type Given = Readonly<Record<string, string | number | null>>;

/** SQLite's result codes for what is nobody's mistake: the disk, the file, a lock. */
const OUT_OF_ORDER = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

/** What SQLite said, as the rest of the house understands it: whatever the disk or the file is to blame for. */
export const asStorageError = (error: unknown): unknown => {
  const { errcode, message } = error as Error & { errcode?: number };
  return errcode !== undefined && OUT_OF_ORDER.has(errcode & 0xff)
    ? new StorageUnavailable(message, { cause: error })
    : error;
};

/** A connection with its statements, each prepared once. */
export class Connection {
  private readonly statements = new Map<string, Statement>();

  constructor(readonly database: Database) {}

  run(sql: string, given: Given = {}): void {
    this.statement(sql).run(given);
  }

  one<Row>(sql: string, given: Given = {}): Row | null {
    return (this.statement(sql).get(given) as Row | undefined) ?? null;
  }

  all<Row>(sql: string, given: Given = {}): Row[] {
    return this.statement(sql).all(given) as Row[];
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
