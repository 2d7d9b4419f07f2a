import type pg from 'pg';
import type { Written } from '../../../application/ports.js';
import { asTold, isLost, isTooSlow } from './failures.js';
import { askOnce, connect } from './pooled.js';
import type { Statement } from './transaction.js';

/** How often what every process knows by now is forgotten. */
const FORGET_MS = 60_000;

/** Stands among the changes for all those, of transactions before its own, that were forgotten. */
const FORGOTTEN = 'forgotten';
/** Stands there for more than can be named. */
const ALL = 'all';
/** So many names are read; of more it is quicker to read anew what they stand for. */
const MOST = 5000;
/** So many are forgotten by one statement, which must not take long. */
const FORGOTTEN_AT_ONCE = 20_000;

/**
 * One statement sees one moment, and says which: by the transactions that it sees. What is new is what changed in those that an
 * earlier moment did not see. Numbers or times would not do: transactions become visible in another order than they got theirs.
 * Only what is new is looked at: it comes after all that the moment knew of, but for what was under way then.
 */
const CHANGES: Statement = {
  name: 'changes',
  text: `select pg_current_snapshot()::text as moment, (select json_agg(array[kind, id]) from (
      select kind, id from changes
      where kind <> '${FORGOTTEN}' and transaction_id >= pg_snapshot_xmax($1::pg_snapshot)
      union
      select kind, id from changes
      where kind <> '${FORGOTTEN}' and transaction_id = any(array(select pg_snapshot_xip($1::pg_snapshot)))
      union
      select kind, id from changes
      where kind = '${FORGOTTEN}' and transaction_id > pg_snapshot_xmin($1::pg_snapshot)
      limit ${MOST + 1}
    ) as found) as found`,
};

const NOW: Statement = { name: 'moment', text: 'select pg_current_snapshot()::text as moment' };

/**
 * What an earlier moment has seen, but for transactions that began after one which was under way then; some of it, and how much.
 * That a moment of another server is nothing to go by here shows where it is ahead.
 */
const FORGET: Statement = {
  name: 'forget changes',
  text: `with moment as (
      select oldest from pg_snapshot_xmin($1::pg_snapshot) as oldest
      where oldest <= pg_snapshot_xmin(pg_current_snapshot())
    ), gone as (
      delete from changes where ctid = any(array(
        select changes.ctid from changes, moment where transaction_id < oldest limit ${FORGOTTEN_AT_ONCE}))
      returning 1
    ), noted as (
      insert into changes select oldest, '${FORGOTTEN}', '' from moment
      where not exists (select from changes where kind = '${FORGOTTEN}' and transaction_id = oldest)
    )
    select count(*)::int as gone from gone`,
};

/** Of transactions that there were not here: whoever copies a database has the numbers of another server's. */
export const FORGET_OTHERS = `delete from changes where transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`;

interface Answer {
  readonly moment: string;
  readonly found?: readonly (readonly [kind: string, id: string])[] | null;
}

/** Null where it may be anything. */
const namedIn = (found: NonNullable<Answer['found']>): Written | null => {
  if (found.length > MOST || found.some(([kind]) => kind === FORGOTTEN || kind === ALL)) return null;
  const idsOf = (of: keyof Written) => new Set(found.filter(([kind]) => kind === of).map(([, id]) => id));
  return { sessions: idsOf('sessions'), users: idsOf('users'), rooms: idsOf('rooms'), logs: idsOf('logs') };
};

/** What was written to the database, by whomever: triggers note it in the transaction that does. */
export class Changes {
  /** What was seen last, over which connection: another may lead to another server, where transactions have other numbers. */
  private last: { readonly client: pg.PoolClient; readonly moment: string } | null = null;
  /** A moment that lies back long enough for every process to have asked since, or to ask for all. */
  private old: { readonly moment: string; readonly at: number } | null = null;

  /**
   * @param listening one connection, which asks for nothing else
   * @param forgetting for what has no hurry
   * @param now milliseconds since some time in the past
   */
  constructor(
    private readonly listening: pg.Pool,
    private readonly forgetting: pg.Pool,
    private readonly now = () => performance.now(),
  ) {}

  /** @returns what was written since this was last answered; null where that may be anything */
  async since(): Promise<Written | null> {
    const client = await connect(this.listening);
    const last = this.last?.client === client ? this.last.moment : null;
    const question = last === null ? NOW : { ...CHANGES, values: [last] };
    let isGone = false;
    try {
      const { moment, found = null } = (await client.query<Answer & pg.QueryResultRow>(question)).rows[0]!;
      const written = last === null ? null : namedIn(found ?? []);
      this.last = { client, moment };
      this.forget(moment);
      return written;
    } catch (error) {
      isGone = isLost(error);
      // It would take as long the next time.
      if (isTooSlow(error)) this.last = null;
      throw asTold(error);
    } finally {
      client.release(isGone);
    }
  }

  private forget(moment: string): void {
    const at = this.now();
    if (this.old !== null && at - this.old.at < FORGET_MS) return;
    // What could not be forgotten is with the next.
    if (this.old !== null) this.forgetBefore(this.old.moment).catch(() => undefined);
    this.old = { moment, at };
  }

  private async forgetBefore(moment: string): Promise<void> {
    let gone: number;
    do {
      const [row] = await askOnce<{ gone: number }>(this.forgetting, { ...FORGET, values: [moment] });
      gone = row!.gone;
    } while (gone === FORGOTTEN_AT_ONCE);
  }
}
