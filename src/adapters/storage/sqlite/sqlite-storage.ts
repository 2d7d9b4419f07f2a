import type { Archive } from '../../../application/archive.js';
import type { Readers, Repositories } from '../../../application/ports.js';
import { StorageUnavailable, type OpenedStorage } from '../engine.js';
import { Commits } from './commits.js';
import type { Connection } from './database.js';
import { Snapshots } from './snapshots.js';
import { sqliteArchiveReader, sqliteArchiveWriter } from './sqlite-archive.js';
import { sqliteReaders } from './sqlite-readers.js';
import { sqliteRepositories } from './sqlite-repositories.js';

export interface SqliteFile {
  openWriter(): Connection;
  openReader(): Connection;
  /** Lets another process have the file. */
  unlock(): void;
}

/** One file of one process: a queue of transactions, and reads beside it. */
export class SqliteStorage implements OpenedStorage {
  readonly shared = false;
  readonly archive: Archive = {
    read: async (work) => {
      this.requireOpen();
      return this.snapshots.read(sqliteArchiveReader, work);
    },
    write: async (work) => {
      this.requireOpen();
      return this.commits.transact(sqliteArchiveWriter, work);
    },
  };
  private readonly commits: Commits;
  private readonly snapshots: Snapshots;
  private closing: Promise<void> | null = null;

  constructor(private readonly file: SqliteFile) {
    this.commits = new Commits(() => file.openWriter());
    this.snapshots = new Snapshots(() => file.openReader());
  }

  async read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    this.requireOpen();
    return this.snapshots.read(sqliteReaders, work);
  }

  async transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    this.requireOpen();
    return this.commits.transact(sqliteRepositories, work);
  }

  async ping(): Promise<void> {
    await this.read((from) => from.userNamed(''));
  }

  watch(told: () => void): void {
    this.commits.watch(told);
  }

  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  private async finish(): Promise<void> {
    try {
      await this.snapshots.close();
      await this.commits.close();
    } finally {
      this.file.unlock();
    }
  }

  private requireOpen(): void {
    if (this.closing !== null) throw new StorageUnavailable('the storage is closed');
  }
}
