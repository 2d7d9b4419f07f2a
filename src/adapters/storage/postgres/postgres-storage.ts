import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Archive } from '../../../application/archive.js';
import type { PresenceExchange, Readers, Repositories, Written } from '../../../application/ports.js';
import { StorageUnavailable, type OpenedStorage } from '../engine.js';
import { whileOpen } from '../while-open.js';
import type { Connecting } from './address.js';
import { archiveThrough } from './archive.js';
import { Changes } from './changes.js';
import { asTold, isConflict, isDouble, isLost } from './failures.js';
import { PostgresHints } from './hints.js';
import { Lane } from './lane.js';
import { askOnce, connect, poolOf } from './pooled.js';
import { exchangeThrough } from './presence-exchange.js';
import { postgresReaders } from './readers.js';
import { postgresRepositories } from './repositories.js';
import { Sockets } from './sockets.js';
import { decideTogether, type Decided, type Unit } from './together.js';
import { Transaction, type Statement } from './transaction.js';
import { Turns } from './turns.js';

/** For how long a transaction that others are in the way of is tried again. */
const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 200;
/** For how long a transaction waits until as many as are let in at once have gone on. */
const TURN_MS = 10_000;
/** For what happens once by chance (two of one name, a connection that was ended), and is a fault if it goes on. */
const CHANCES = 8;

/**
 * Almost whatever is asked for is found by a key, row by row. Plans for many rows, made while tables were small and kept for as
 * long as a connection lives, made a post twice as dear; and only a plain scan of an index learns which of its rows are dead.
 * What there is no index for is read from end to end all the same, which is no reason to compile it.
 */
const PLANS = `set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off;
  set enable_hashjoin = off; set enable_mergejoin = off; set jit = off`;

/** Whoever is held up by a process that is stopped holds up no more than those with whom it would have shared a commit. */
const WAIT_TOGETHER: Statement = { name: 'wait together', text: `set local lock_timeout = 250` };

/** What came of one try: `told` is the error for the caller, `again` says that nothing was done and another may succeed. */
type Outcome<T> =
  { readonly result: T } | { readonly told: unknown; readonly again: 'no' | 'a few times' | 'yes' };

/** Any number of processes on one PostgreSQL. What is got in a transaction is locked, row by row. */
export class PostgresStorage implements OpenedStorage {
  readonly shared = true;
  readonly exchange: PresenceExchange;
  readonly archive: Archive;
  readonly hints: PostgresHints;
  private readonly reading: pg.Pool;
  private readonly writing: pg.Pool;
  private readonly archiving: pg.Pool;
  private readonly listening: pg.Pool;
  private readonly changed: Changes;
  private readonly turns: Turns;
  private readonly lane = new Lane({
    alone: (work) => this.inTurn(() => this.tryAgain(work)),
    together: (units) => this.inTurn(() => this.tryTogether(units)),
  });
  private readonly sockets = new Sockets();
  private readonly underWay = new Set<Promise<unknown>>();
  private closing: Promise<unknown> | null = null;

  constructor(connecting: Connecting) {
    const stream = this.sockets.make;
    this.reading = poolOf({ ...connecting.reading, stream }, PLANS);
    this.writing = poolOf({ ...connecting.writing, stream }, PLANS);
    this.turns = new Turns(this.writing.options.max, TURN_MS);
    this.exchange = exchangeThrough(this.reading);
    this.hints = new PostgresHints({ ...connecting.reading, stream });
    this.archiving = poolOf({ ...connecting.archiving, stream });
    this.listening = poolOf({ ...connecting.listening, stream }, PLANS);
    this.changed = new Changes(this.listening, this.reading);
    const archive = archiveThrough(this.archiving);
    this.archive = {
      read: (work) => this.unlessClosed(() => archive.read(work)),
      write: (work) => this.unlessClosed(() => archive.write(work)),
    };
  }

  read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    return this.unlessClosed(() => this.view(work));
  }

  changes(): Promise<Written | null> {
    return this.unlessClosed(() => this.changed.since());
  }

  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    return this.unlessClosed(() => this.lane.transact(work));
  }

  ping(): Promise<void> {
    const pools = [this.reading, this.listening];
    return this.unlessClosed(async () => {
      await Promise.all(pools.map((pool) => askOnce(pool, { text: 'select 1' })));
    });
  }

  /** Waits for what was asked before. */
  async close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.underWay).then(() => {
      const pools = [this.reading, this.writing, this.archiving, this.listening].map((pool) => pool.end());
      return Promise.all([this.hints.close(), ...pools, this.sockets.close()]);
    });
    await this.closing;
  }

  private async unlessClosed<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing !== null) throw new StorageUnavailable('this storage was closed');
    const asked = work();
    this.underWay.add(asked);
    try {
      return await asked;
    } finally {
      this.underWay.delete(asked);
    }
  }

  /**
   * A view's first query goes out right behind what begins it, and nobody waits for its end: a view of one query is one
   * round trip. What it shows is fixed by that first query, so it is never older than the call.
   */
  private async view<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    const client = await connect(this.reading);
    const view = new Transaction(client, 'isolation level repeatable read read only');
    const handle = whileOpen(postgresReaders(view));
    try {
      const result = await work(handle.opened);
      if (view.failure !== null) throw view.failure.error;
      return result;
    } catch (error) {
      throw view.failure === null ? error : asTold(view.failure.error);
    } finally {
      handle.close();
      view.endLater();
      client.release(view.failure !== null && isLost(view.failure.error));
    }
  }

  private async tryAgain<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.attempt(work);
      if ('result' in outcome) return outcome.result;
      const tired =
        performance.now() - startedAt > PATIENCE_MS || (outcome.again === 'a few times' && tries >= CHANCES);
      if (outcome.again === 'no' || tired) throw outcome.told;
      await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** tries));
    }
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.turns.take();
    try {
      return await work();
    } finally {
      this.turns.pass();
    }
  }

  /** Whoever was in the way has mostly gone on by then; one after the other, each would cost a commit of its own. */
  private async tryTogether(units: readonly Unit[]): Promise<Iterable<Unit>> {
    const { left, isWorthAnother } = await this.attemptTogether(units);
    return isWorthAnother ? (await this.attemptTogether(units)).left : left;
  }

  /**
   * Nobody hears of success, or of a no that may rest on another's success, before the commit.
   * @returns those whose work is still to be done, some or all; and whether others were in the way of all of them
   */
  private async attemptTogether(
    units: readonly Unit[],
  ): Promise<{ left: Iterable<Unit>; isWorthAnother: boolean }> {
    const client = await connect(this.writing);
    const transaction = new Transaction(client, 'isolation level read committed read write');
    transaction.set(WAIT_TOGETHER);
    let decided: Decided | null = null;
    try {
      decided = await decideTogether(transaction, units);
      await transaction.commit();
      for (const { tell } of decided.outcomes) tell();
      return { left: decided.alone, isWorthAnother: false };
    } catch {
      const failure = transaction.failure?.error;
      if (failure === undefined || !isLost(failure)) await transaction.end();
      else if (transaction.isCommitSent && decided !== null) {
        for (const { unit } of decided.outcomes) unit.reject(asTold(failure));
        return { left: decided.alone, isWorthAnother: false };
      }
      return { left: units, isWorthAnother: isConflict(failure) };
    } finally {
      const failure = transaction.failure;
      client.release(failure !== null && isLost(failure.error));
    }
  }

  private async attempt<T>(work: (to: Repositories) => Promise<T>): Promise<Outcome<T>> {
    const client = await connect(this.writing);
    const transaction = new Transaction(client, 'isolation level read committed read write');
    const handle = whileOpen(postgresRepositories(transaction));
    try {
      const result = await work(handle.opened);
      handle.close();
      await transaction.commit();
      return { result };
    } catch (error) {
      handle.close();
      const failure = transaction.failure?.error;
      if (failure === undefined) {
        await transaction.end();
        return { told: error, again: 'no' };
      }
      if (!isLost(failure)) await transaction.end();
      return { told: asTold(failure), again: worthAnother(failure, transaction.isCommitSent) };
    } finally {
      const failure = transaction.failure;
      client.release(failure !== null && isLost(failure.error));
    }
  }
}

const worthAnother = (failure: unknown, isCommitSent: boolean): 'no' | 'a few times' | 'yes' => {
  if (isLost(failure)) return isCommitSent ? 'no' : 'a few times';
  if (isDouble(failure)) return 'a few times';
  return isConflict(failure) ? 'yes' : 'no';
};
