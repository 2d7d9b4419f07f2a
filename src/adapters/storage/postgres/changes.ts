import type pg from 'pg';
import type { Written } from '../../../application/ports.js';
import { asTold, isLost } from './failures.js';
import { askOnce, connect } from './pooled.js';
import type { Statement } from './transaction.js';

/** How often what every process knows by now is forgotten. */
const FORGET_MS = 60_000;

/** Stands among the changes for all those, of transactions before its own, that were forgotten. */
const FORGOTTEN = 'forgotten';

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
    ) as found) as found`,
};

const NOW: Statement = { name: 'moment', text: 'select pg_current_snapshot()::text as moment' };

/** All that an earlier moment has seen, but for transactions that began after one which was under way then. */
const FORGET: Statement = {
  name: 'forget changes',
  text: `with moment as (select pg_snapshot_xmin($1::pg_snapshot) as oldest), gone as (
      delete from changes using moment where transaction_id < oldest
    )
    insert into changes select oldest, '${FORGOTTEN}', '' from moment`,
};

/** Of transactions that there were not here: whoever copies a database has the numbers of another server's. */
export const FORGET_OTHERS = `delete from changes where transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`;

interface Answer {
  readonly moment: string;
  readonly found?: readonly (readonly [kind: string, id: string])[] | null;
}

const KINDS = ['sessions', 'users', 'rooms', 'logs'] as const;
const NOTHING: Written = { sessions: new Set(), users: new Set(), rooms: new Set(), logs: new Set() };

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
    if (this.last?.client !== client) this.last = this.old = null;
    const last = this.last?.moment ?? null;
    const question = last === null ? NOW : { ...CHANGES, values: [last] };
    let isGone = false;
    try {
      const { moment, found = null } = (await client.query<Answer & pg.QueryResultRow>(question)).rows[0]!;
      this.last = { client, moment };
      this.forget(moment);
      if (last === null) return null;
      if (found === null) return NOTHING;
      if (found.some(([kind]) => kind === FORGOTTEN)) return null;
      const idsOf = (of: string) => new Set(found.filter(([kind]) => kind === of).map(([, id]) => id));
      return Object.fromEntries(KINDS.map((kind) => [kind, idsOf(kind)])) as unknown as Written;
    } catch (error) {
      isGone = isLost(error);
      throw asTold(error);
    } finally {
      client.release(isGone);
    }
  }

  private forget(moment: string): void {
    const at = this.now();
    if (this.old !== null && at - this.old.at < FORGET_MS) return;
    if (this.old !== null) {
      askOnce(this.forgetting, { ...FORGET, values: [this.old.moment] }).catch(() => undefined);
    }
    this.old = { moment, at };
  }
}
