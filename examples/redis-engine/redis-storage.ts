import { setTimeout as pause } from 'node:timers/promises';
import type { OpenedStorage } from '../../src/adapters/storage/engine.js';
import type { Materials } from '../../src/adapters/storage/materials.js';
import type { Archive } from '../../src/application/archive.js';
import type { PresenceExchange, Readers, Repositories } from '../../src/application/ports.js';
import { archiveIn } from './archive.js';
import type { Connection } from './connection.js';
import { exchangeThrough } from './presence-exchange.js';
import { redisReaders } from './readers.js';
import { redisRepositories } from './repositories.js';
import { PAST_KEPT_MS, Store } from './store.js';
import { Transaction, View } from './view.js';

/** For how long a transaction that others are in the way of is tried again, in milliseconds. */
const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 50;

/** Any number of processes on one Redis. What was read is looked at again when it is stored; if it has changed, all is done again. */
export class RedisStorage implements OpenedStorage {
  readonly shared = true;
  readonly archive: Archive;
  readonly exchange: PresenceExchange;
  private readonly store: Store;
  private readonly underWay = new Set<Promise<unknown>>();
  /** The transactions that others were in the way of, and those that came after them: one after the other. */
  private line: Promise<unknown> = Promise.resolve();
  private inLine = 0;
  private closing: Promise<unknown> | null = null;

  /** @param pastKeptMs for how long one view can be read, in milliseconds */
  constructor(
    private readonly connection: Connection,
    prefix: string,
    private readonly given: Materials,
    pastKeptMs = PAST_KEPT_MS,
  ) {
    this.store = new Store(connection, prefix, pastKeptMs);
    const archive = archiveIn(this.store, given);
    this.archive = {
      read: (work) => this.unlessClosed(() => archive.read(work)),
      write: (work) => this.unlessClosed(() => archive.write(work)),
    };
    this.exchange = exchangeThrough(connection, prefix);
  }

  read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    return this.unlessClosed(async () => {
      const handle = this.given.whileOpen(redisReaders(new View(this.store)));
      try {
        return await work(handle.opened);
      } finally {
        handle.close();
      }
    });
  }

  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    return this.unlessClosed(async () => {
      // Behind a line it is only found out what is read: then it is all there at one question, when its turn comes.
      const outcome = await this.attempt(work, [], this.inLine === 0);
      return 'result' in outcome ? outcome.result : this.tryAgain(work, outcome.keys);
    });
  }

  ping(): Promise<void> {
    return this.unlessClosed(async () => void (await this.connection.ask('PING')));
  }

  /** Waits for what was asked before. */
  async close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.underWay).then(() => this.connection.close());
    await this.closing;
  }

  private async unlessClosed<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing !== null) throw new this.given.StorageUnavailable('this storage was closed');
    const asked = work();
    this.underWay.add(asked);
    try {
      return await asked;
    } finally {
      this.underWay.delete(asked);
    }
  }

  /** In turn: those that were in each other's way once would be so again and again, and newcomers in theirs. */
  private tryAgain<T>(work: (to: Repositories) => Promise<T>, keys: readonly string[]): Promise<T> {
    this.inLine += 1;
    const result = this.line.then(() => this.tryPatiently(work, keys));
    this.line = result.then(
      () => (this.inLine -= 1),
      () => (this.inLine -= 1),
    );
    return result;
  }

  /** Other processes may still be in the way. */
  private async tryPatiently<T>(work: (to: Repositories) => Promise<T>, keys: readonly string[]): Promise<T> {
    const patience = performance.now() + PATIENCE_MS;
    for (let tries = 1; performance.now() < patience; tries += 1) {
      const outcome = await this.attempt(work, keys, true);
      if ('result' in outcome) return outcome.result;
      keys = outcome.keys;
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries));
    }
    throw new this.given.StorageUnavailable('Redis: others were in the way for too long');
  }

  /** Where others were in the way, nothing was done, and what it read is known. */
  private async attempt<T>(
    work: (to: Repositories) => Promise<T>,
    keys: readonly string[],
    isToCommit: boolean,
  ): Promise<{ readonly result: T } | { readonly keys: readonly string[] }> {
    const transaction = new Transaction(this.store);
    const handle = this.given.whileOpen(redisRepositories(transaction, this.given));
    try {
      await transaction.values(keys);
      const result = await work(handle.opened);
      handle.close();
      if (transaction.failure !== null) throw transaction.failure.error;
      const { change } = transaction;
      // What was only read was all there at one time, which is enough.
      const isDone = change.writes.size === 0 || (isToCommit && (await this.store.commit(change)) === 'ok');
      return isDone ? { result } : { keys: change.keys };
    } finally {
      handle.close();
    }
  }
}
