import { whileOpen } from '../while-open.js';
import { asStorageError, type Connection } from './database.js';

/** How many snapshots may be read at the same moment; more wait. A read within a read would wait for itself. */
const AT_MOST = 8;

/**
 * Reads, each on a connection and so a snapshot of its own: SQLite takes it at the first question, which is after the
 * call, and neither waits for the writer nor holds it up.
 */
export class Snapshots {
  private readonly idle: Connection[] = [];
  private readonly awaited: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly open: () => Connection) {}

  /** @param handleOn what the work is handed, of a connection whose view is its own */
  async read<H extends object, T>(
    handleOn: (connection: Connection) => H,
    work: (from: H) => Promise<T>,
  ): Promise<T> {
    await this.takePlace();
    try {
      return await this.readAlone(handleOn, work);
    } finally {
      this.givePlace();
    }
  }

  /** Waits for whoever is reading. */
  async close(): Promise<void> {
    for (let place = 0; place < AT_MOST; place++) await this.takePlace();
    for (const connection of this.idle.splice(0)) connection.close();
  }

  private async readAlone<H extends object, T>(
    handleOn: (connection: Connection) => H,
    work: (from: H) => Promise<T>,
  ): Promise<T> {
    let connection: Connection | undefined;
    try {
      connection = this.idle.pop() ?? this.open();
      const handle = whileOpen(handleOn(connection));
      connection.run('BEGIN');
      try {
        return await work(handle.opened);
      } finally {
        handle.close();
        // A disk that fails makes SQLite end it by itself.
        if (connection.isInTransaction) connection.run('ROLLBACK');
        this.idle.push(connection);
      }
    } catch (error) {
      const why = asStorageError(error);
      // Whatever ails the connection, the next reader gets another.
      if (why !== error) this.discard(connection);
      throw why;
    }
  }

  private discard(connection: Connection | undefined): void {
    const at = this.idle.findIndex((one) => one === connection);
    if (at >= 0) this.idle.splice(at, 1);
    connection?.close();
  }

  private takePlace(): Promise<void> | void {
    if (this.taken >= AT_MOST) return new Promise((resolve) => this.awaited.push(resolve));
    this.taken += 1;
  }

  /** Whoever waits takes it over. */
  private givePlace(): void {
    const next = this.awaited.shift();
    if (next !== undefined) next();
    else this.taken -= 1;
  }
}
