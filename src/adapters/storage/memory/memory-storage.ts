import type { Archive } from '../../../application/archive.js';
import type { Readers, Repositories } from '../../../application/ports.js';
import type { OpenedStorage } from '../engine.js';
import { whileOpen } from '../while-open.js';
import { memoryArchiveReader, memoryArchiveWriter } from './memory-archive.js';
import { memoryReaders } from './memory-readers.js';
import { memoryRepositories } from './memory-repositories.js';
import { emptyTables, Views } from './views.js';

/** Transactions one after the other; readers see what was there when they began, whatever is committed meanwhile. */
export class MemoryStorage implements OpenedStorage {
  readonly shared = false;
  readonly archive: Archive;
  private readonly tables = emptyTables();
  private readonly reading = new Set<Views>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor() {
    this.archive = {
      read: (work) => this.view(memoryArchiveReader, work),
      write: (work) => this.inTurn(memoryArchiveWriter, work),
    };
  }

  read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    return this.view(memoryReaders, work);
  }

  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    return this.inTurn(memoryRepositories, work);
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {
    await this.turn;
  }

  private async view<H extends object, T>(
    handleOn: (views: Views) => H,
    work: (handle: H) => Promise<T>,
  ): Promise<T> {
    const views = new Views(this.tables);
    this.reading.add(views);
    const handle = whileOpen(handleOn(views));
    try {
      return await work(handle.opened);
    } finally {
      handle.close();
      this.reading.delete(views);
    }
  }

  private inTurn<H extends object, T>(
    handleOn: (views: Views) => H,
    work: (handle: H) => Promise<T>,
  ): Promise<T> {
    const result = this.turn.then(() => this.runAlone(handleOn, work));
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async runAlone<H extends object, T>(
    handleOn: (views: Views) => H,
    work: (handle: H) => Promise<T>,
  ): Promise<T> {
    const views = new Views(this.tables);
    const handle = whileOpen(handleOn(views));
    try {
      const result = await work(handle.opened);
      views.commit([...this.reading]);
      return result;
    } finally {
      handle.close();
    }
  }
}
