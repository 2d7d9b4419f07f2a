import { setTimeout as pause } from 'node:timers/promises';
import { StorageUnavailable } from '../engine.js';
import { whileOpen } from '../while-open.js';
import { asStorageError, isBusy, type Connection } from './database.js';
import { Others } from './others.js';

/** How long a writer from outside (a repair by hand, say) is waited for, and how often it is looked whether it is done. */
const PATIENCE_MS = 2000;
const LOOK_AGAIN_MS = 10;
/**
 * How long requests that arrive together are gathered at most. A turn of the event loop goes on for as long as a thousand
 * connections are ready: after a pause of a tenth with ten thousand users, for a second.
 */
const GATHERED_MS = 20;

interface Waiting {
  /** Does the work in a savepoint of its own; what it gives is to be called once all of it is on the disk. */
  run(writer: Connection): Promise<() => void>;
  refuse(error: unknown): void;
}

/**
 * One queue of transactions. All that wait together share one `BEGIN … COMMIT`, and so one wait for the disk, each in a
 * savepoint so that it rolls back alone; nobody hears of success, or of a no that rests on another's success, before the
 * commit.
 */
export class Commits {
  private waiting: Waiting[] = [];
  private underWay: Promise<void> | null = null;
  /** What ends the gathering of those who will share the next commit, and since when they are gathered. */
  private gathering: { readonly since: number; readonly end: () => void } | null = null;
  /** None after a failure that it did not get over: the next commit gets another. */
  private writer: Connection | null;
  private readonly others = new Others();

  constructor(private readonly open: () => Connection) {
    this.writer = open();
    this.others.look(this.writer);
  }

  /** Has `told` called when another process wrote: before anything is done in the next transaction, or soon. */
  watch(told: () => void): void {
    this.others.watch(told, () => {
      try {
        const writer = (this.writer ??= this.open());
        if (!writer.isInTransaction) this.others.look(writer);
      } catch (error) {
        // The next look, or the next transaction, will tell.
        if (asStorageError(error) === error) throw error;
      }
    });
  }

  /** @param handleOn what the work is handed, of the one connection that writes */
  transact<H extends object, T>(
    handleOn: (connection: Connection) => H,
    work: (to: H) => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        refuse: reject,
        run: async (writer) => {
          try {
            const result = await inSavepoint(writer, handleOn(writer), work);
            return () => resolve(result);
          } catch (error) {
            const why = asStorageError(error);
            return () => reject(why);
          }
        },
      });
      this.underWay ??= this.commitAll();
      if (this.gathering && performance.now() - this.gathering.since > GATHERED_MS) this.gathering.end();
    });
  }

  /** Waits for all that was asked before, and moves what is in the log of changes into the file itself. */
  async close(): Promise<void> {
    this.others.stop();
    await this.underWay;
    try {
      this.writer?.run('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.writer?.close();
    }
  }

  /** Goes on as long as anybody waits. */
  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.gather();
      const together = this.waiting;
      this.waiting = [];
      await this.commitTogether(together);
    }
    this.underWay = null;
  }

  /** Until all requests that have arrived by now have been looked at; or until one comes when that takes too long. */
  private async gather(): Promise<void> {
    await new Promise<void>((end) => {
      this.gathering = { since: performance.now(), end };
      setImmediate(end);
    });
    this.gathering = null;
  }

  private async commitTogether(together: readonly Waiting[]): Promise<void> {
    const outcomes: (() => void)[] = [];
    try {
      const writer = (this.writer ??= this.open());
      await begin(writer);
      this.others.look(writer);
      for (const { run } of together) {
        outcomes.push(await run(writer));
        // A full disk makes SQLite roll back everything.
        if (!writer.isInTransaction) throw new StorageUnavailable('SQLite gave the transaction up');
      }
      writer.run('COMMIT');
    } catch (error) {
      this.giveUp();
      const why = new StorageUnavailable(`nothing could be stored: ${(error as Error).message}`, {
        cause: error,
      });
      for (const { refuse } of together) refuse(why);
      return;
    }
    for (const tell of outcomes) tell();
  }

  /** Closing alone would not roll back: SQLite keeps a connection until its last statement is collected as garbage. */
  private giveUp(): void {
    const { writer } = this;
    try {
      if (writer?.isInTransaction) writer.run('ROLLBACK');
    } catch {
      this.writer = null;
      writer?.close();
    }
  }
}

/** SQLite itself would wait by holding up everything in this process, reads that need not wait for anyone included. */
const begin = async (writer: Connection): Promise<void> => {
  for (const until = performance.now() + PATIENCE_MS; ; await pause(LOOK_AGAIN_MS)) {
    try {
      writer.run('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
  }
};

const inSavepoint = async <H extends object, T>(
  writer: Connection,
  to: H,
  work: (to: H) => Promise<T>,
): Promise<T> => {
  const handle = whileOpen(to);
  writer.run('SAVEPOINT one');
  try {
    return await work(handle.opened);
  } catch (error) {
    if (writer.isInTransaction) writer.run('ROLLBACK TO one');
    throw error;
  } finally {
    handle.close();
    if (writer.isInTransaction) writer.run('RELEASE one');
  }
};
