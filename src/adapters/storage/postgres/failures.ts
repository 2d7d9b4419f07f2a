import pg from 'pg';
import { StorageUnavailable } from '../engine.js';

/** SQLSTATE: unique_violation. */
const DOUBLE = '23505';
/** SQLSTATE: serialization_failure, deadlock_detected, lock_not_available. */
const CONFLICTS = new Set(['40001', '40P01', '55P03', DOUBLE]);
/** SQLSTATE classes: connection exception, insufficient resources, operator intervention, system error. */
const OUTAGES = /^(?:08|53|57|58)/;
/** SQLSTATE: read_only_sql_transaction, idle_in_transaction_session_timeout, transaction_timeout. */
const OTHER_OUTAGES = new Set(['25006', '25P03', '25P04']);

/** Whether another transaction was in the way: nothing was done, and doing it again may well succeed. */
export const isConflict = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && CONFLICTS.has(error.code ?? '');

/** Whether two transactions stored what there can be only one of: run again, one of them finds what the other stored. */
export const isDouble = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === DOUBLE;

/** Whether the connection is not to be used again. What the server did last is then not known. */
export const isLost = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';

/** SQLSTATE: query_canceled; and what `pg` says where the server does not say even that. */
export const isTooSlow = (error: unknown): boolean =>
  error instanceof pg.DatabaseError
    ? error.code === '57014'
    : (error as Error).message === 'Query read timeout';

const isOutage = (error: unknown): boolean =>
  isLost(error) ||
  (error instanceof pg.DatabaseError &&
    (OUTAGES.test(error.code ?? '') || OTHER_OUTAGES.has(error.code ?? '')));

/** What the callers of storage are told: that it is away, or else what is a fault of ours, as it is. */
export const asTold = (error: unknown): unknown =>
  isOutage(error) || isConflict(error)
    ? new StorageUnavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error })
    : error;
