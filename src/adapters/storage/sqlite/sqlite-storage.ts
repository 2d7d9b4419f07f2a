import type { Readers, Repositories } from '../../../application/ports.js';
import { StorageUnavailable, type OpenedStorage } from '../engine.js';
import { whileOpen } from '../while-open.js';
import { asStorageError, type Connection } from './database.js';
import { sqliteReaders } from './sqlite-readers.js';
import { sqliteRepositories } from './sqlite-repositories.js';

/** How many snapshots may be read at the same moment; more wait. */
const READERS_AT_MOST = 8;

interface Waiting {
  /** Does the work in a savepoint of its own; what it returns is to be called once all of it is on the disk. */
  run(): Promise<() => void>;
  refuse(error: unknown): void;
}

export interface SqliteConnections {
  readonly writer: Connection;
  openReader(): Connection;
  /** Lets another process have the file. */
  unlock(): void;
}

/**
 * One queue of transactions. All that wait together share one `BEGIN … COMMIT`, and so one wait for the disk, each in a
 * savepoint so that it rolls back alone; nobody hears of success before the commit. Readers have snapshots of their own.
 */
export class SqliteStorage implements OpenedStorage {
  readonly shared = false;
  private waiting: Waiting[] = [];
  private underWay: Promise<void> | null = null;
  private closing: Promise<void> | null = null;
  private readonly idleReaders: Connection[] = [];
  private readonly readersAwaited: ((connection: Connection) => void)[] = [];
  private readerCount = 0;

  constructor(private readonly connections: SqliteConnections) {}

  async read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    this.requireOpen();
    const reader = await this.takeReader();
    const handle = whileOpen(sqliteReaders(reader));
    try {
      reader.run('BEGIN');
      return await work(handle.opened);
    } catch (error) {
      throw asStorageError(error);
    } finally {
      handle.close();
      if (reader.database.isTransaction) reader.run('ROLLBACK');
      this.giveBack(reader);
    }
  }

  async transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    this.requireOpen();
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        refuse: reject,
        run: async () => {
          try {
            const result = await this.inSavepoint(work);
            return () => resolve(result);
          } catch (error) {
            const why = asStorageError(error);
            return () => reject(why);
          }
        },
      });
      this.underWay ??= this.commitAll();
    });
  }

  async ping(): Promise<void> {
    await this.read((from) => from.staleSessions(0, 0, 1));
  }

  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  private async finish(): Promise<void> {
    await this.underWay;
    for (const reader of this.idleReaders) reader.close();
    this.connections.writer.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.connections.writer.close();
    this.connections.unlock();
  }

  private requireOpen(): void {
    if (this.closing !== null) throw new StorageUnavailable('the storage is closed');
  }

  /** Goes on as long as anybody waits. It begins only when all requests that have arrived by now have been looked at. */
  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await new Promise(setImmediate);
      const together = this.waiting;
      this.waiting = [];
      await this.commitTogether(together);
    }
    this.underWay = null;
  }

  private async commitTogether(together: readonly Waiting[]): Promise<void> {
    const { writer } = this.connections;
    const outcomes: (() => void)[] = [];
    try {
      writer.run('BEGIN IMMEDIATE');
      for (const { run } of together) {
        outcomes.push(await run());
        if (!writer.database.isTransaction) throw new StorageUnavailable('SQLite gave the transaction up');
      }
      writer.run('COMMIT');
    } catch (error) {
      if (writer.database.isTransaction) writer.run('ROLLBACK');
      const why = new StorageUnavailable('the transaction could not be stored', { cause: error });
      for (const { refuse } of together) refuse(why);
      return;
    }
    for (const tell of outcomes) tell();
  }

  private async inSavepoint<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    const { writer } = this.connections;
    const handle = whileOpen(sqliteRepositories(writer));
    writer.run('SAVEPOINT one');
    try {
      return await work(handle.opened);
    } catch (error) {
      if (writer.database.isTransaction) writer.run('ROLLBACK TO one');
      throw error;
    } finally {
      handle.close();
      if (writer.database.isTransaction) writer.run('RELEASE one');
    }
  }

  private takeReader(): Connection | Promise<Connection> {
    const idle = this.idleReaders.pop();
    if (idle !== undefined) return idle;
    if (this.readerCount >= READERS_AT_MOST) return new Promise((give) => this.readersAwaited.push(give));
    this.readerCount += 1;
    return this.connections.openReader();
  }

  private giveBack(reader: Connection): void {
    const next = this.readersAwaited.shift();
    if (next !== undefined) next(reader);
    else if (this.closing !== null) reader.close();
    else this.idleReaders.push(reader);
  }
}
