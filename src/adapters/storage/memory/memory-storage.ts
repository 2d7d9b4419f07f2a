import type { Readers, Repositories, Storage } from '../../../application/ports.js';
import { whileOpen } from '../while-open.js';
import { memoryReaders } from './memory-readers.js';
import { memoryRepositories } from './memory-repositories.js';
import { emptyTables, Views } from './views.js';

/** Transactions one after the other; readers see what was there when they began, whatever is committed meanwhile. */
export class MemoryStorage implements Storage {
  readonly shared = false;
  private readonly tables = emptyTables();
  private readonly reading = new Set<Views>();
  private turn: Promise<unknown> = Promise.resolve();

  async read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    const views = new Views(this.tables);
    this.reading.add(views);
    const handle = whileOpen(memoryReaders(views));
    try {
      return await work(handle.opened);
    } finally {
      handle.close();
      this.reading.delete(views);
    }
  }

  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    const result = this.turn.then(() => this.runAlone(work));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {
    await this.turn;
  }

  private async runAlone<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    const views = new Views(this.tables);
    const handle = whileOpen(memoryRepositories(views));
    try {
      const result = await work(handle.opened);
      views.commit([...this.reading]);
      return result;
    } finally {
      handle.close();
    }
  }
}
