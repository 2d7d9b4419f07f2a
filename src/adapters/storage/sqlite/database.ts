import { DatabaseSync } from '@photostructure/sqlite';
import { StorageUnavailable } from '../engine.js';

export type Database = InstanceType<typeof DatabaseSync>;

type Statement = ReturnType<Database['prepare']>;
type Value = string | number | null;
/** Values for a statement's places: by their names, or in their order, which takes half the time. */
type Given = Readonly<Record<string, Value>> | readonly Value[];

const BUSY = 5;
/** What is nobody's mistake: busy, locked, out of memory, read-only, I/O, corrupt, full, cannot open, not a database. */
const OUT_OF_ORDER = new Set([BUSY, 6, 7, 8, 10, 11, 13, 14, 26]);

/** SQLite's own code for what went wrong, without its finer distinctions; undefined if it was not SQLite. */
export const resultCode = (error: unknown): number | undefined => {
  const { errcode } = (error ?? {}) as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
};

export const isBusy = (error: unknown): boolean => resultCode(error) === BUSY;

/** What SQLite said, as the rest of the house understands it: whatever the disk or the file is to blame for. */
export const asStorageError = (error: unknown): unknown =>
  OUT_OF_ORDER.has(resultCode(error) ?? 0)
    ? new StorageUnavailable((error as Error).message, { cause: error })
    : error;

export const openDatabase = (path: string, busyTimeoutMs: number): Database =>
  new DatabaseSync(path, { timeout: busyTimeoutMs });

/** What a pragma says. */
export const pragma = (database: Database, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0];

/** What the binding wants: values in their order, or one object of them. */
const asList = (given: Given) =>
  Array.isArray(given) ? (given as readonly Value[]) : [given as Record<string, Value>];

/** A connection with its statements, each prepared once. */
export class Connection {
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly database: Database) {}

  get isInTransaction(): boolean {
    return this.database.isTransaction;
  }

  /** Another number than last time says that another connection has committed something since. */
  get changesOfOthers(): number {
    return this.one<{ data_version: number }>('PRAGMA data_version')!.data_version;
  }

  run(sql: string, given: Given = []): void {
    this.statement(sql).run(...asList(given));
  }

  one<Row>(sql: string, given: Given = []): Row | null {
    return (this.statement(sql).get(...asList(given)) as Row | undefined) ?? null;
  }

  all<Row>(sql: string, given: Given = []): Row[] {
    return this.statement(sql).all(...asList(given)) as Row[];
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
