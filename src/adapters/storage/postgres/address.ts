import pg from 'pg';
import { StorageRefused } from '../engine.js';

/** How one address is connected to, for the five things that are done there. */
export interface Connecting {
  /** For the tables to be brought up to date, however long that takes. */
  readonly unlimited: pg.PoolConfig;
  readonly reading: pg.PoolConfig;
  /** For what others wrote to be asked for. */
  readonly listening: pg.PoolConfig;
  readonly writing: pg.PoolConfig;
  /** For copies, backups and restores, which take long in sum. */
  readonly archiving: pg.PoolConfig;
}

/** Limits that an address may set as parameters of the same name, with what holds if it does not; times in milliseconds. */
const LIMITS = {
  /** Connections for transactions, and for reads: apart, so that polls never wait behind posts that wait for a lock. */
  write_pool_max: 8,
  read_pool_max: 4,
  /** Until a connection must be there, or one of the pool's be free. */
  connection_timeout: 2000,
  statement_timeout: 3000,
  /**
   * A process that is stopped within a transaction holds what it locked until the latter is over; its other transactions,
   * that wait for a lock, give up before they can hold it in turn. Together these are the 2 s that a room can be held.
   */
  lock_timeout: 750,
  idle_in_transaction_session_timeout: 1000,
  /**
   * One statement of a copy, a backup or a restore: mostly a page of a thousand, but one removes all there is. And how long
   * such a process may say nothing in between: one that is stopped in the midst of a restore keeps all posts waiting.
   */
  archive_timeout: 300_000,
};
type Limits = typeof LIMITS;

/** What the client waits beyond the server's own limit, for a server or a network that says nothing any more. */
const SILENCE_MS = 2000;

const VIEW_MS = 10_000;

/** With its connection goes what a process knows of others' changes, and so all that it read: a pause is no reason. */
const LISTENING_S = 300;

/** So that a view may be open while something is written. */
const ARCHIVE_POOL_MAX = 2;

/**
 * Whether the server is fit is asked of new connections, and one that is busy is never given up for being idle: without an
 * end to its life, a post would be acknowledged for days on a server that no longer keeps it.
 */
const LIFETIME_S = 60;

/** Every bigint here is a number, a time or a count, all safe integers; `pg` gives them as texts by itself. */
const exactInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
};

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? exactInteger
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

const takeLimits = (url: URL): Limits => {
  const limits: Limits = { ...LIMITS };
  for (const name of Object.keys(LIMITS) as (keyof Limits)[]) {
    const text = url.searchParams.get(name);
    if (text === null) continue;
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new StorageRefused(`${name}=${text} in its address is not a whole number above 0: set one`);
    limits[name] = Number(text);
    url.searchParams.delete(name);
  }
  return limits;
};

/** What is asked of TLS. `pg` means full verification by all that verify or encrypt, and warns that it may not for ever. */
const SSL_MODES = new Map([
  ['disable', 'disable'],
  ['no-verify', 'no-verify'],
  ['prefer', 'verify-full'],
  ['require', 'verify-full'],
  ['verify-ca', 'verify-full'],
  ['verify-full', 'verify-full'],
]);

const settleTls = (url: URL): void => {
  const asked = url.searchParams.get('sslmode');
  if (asked === null) return;
  const meant = SSL_MODES.get(asked);
  if (meant === undefined) {
    const modes = [...SSL_MODES.keys()].join(', ');
    throw new StorageRefused(`sslmode=${asked} in its address is none of ${modes}: set one of these`);
  }
  if (!url.searchParams.has('uselibpqcompat')) url.searchParams.set('sslmode', meant);
};

/**
 * Reads an address. What is not a limit of ours (user, password, host, sslmode, sslrootcert, options…) is `pg`'s to read.
 * @throws {StorageRefused} where it cannot be read
 */
export const readAddress = (address: string): Connecting => {
  if (!URL.canParse(address))
    throw new StorageRefused('its address is not a URL: postgres://user@host/database, or postgresql://…');
  const url = new URL(address);
  const limits = takeLimits(url);
  settleTls(url);
  const reaching: pg.PoolConfig = {
    application_name: 'parlour',
    connectionString: url.href,
    connectionTimeoutMillis: limits.connection_timeout,
    keepAlive: true,
    types,
  };
  const limited: pg.PoolConfig = {
    ...reaching,
    statement_timeout: limits.statement_timeout,
    lock_timeout: limits.lock_timeout,
    idle_in_transaction_session_timeout: limits.idle_in_transaction_session_timeout,
    query_timeout: limits.statement_timeout + SILENCE_MS,
    // Statements are sent without waiting for the answers to those before them.
    pipeline: true,
  };
  return {
    unlimited: { ...reaching, max: 1, maxLifetimeSeconds: LIFETIME_S },
    listening: {
      ...limited,
      max: 1,
      idleTimeoutMillis: LISTENING_S * 1000,
      maxLifetimeSeconds: LISTENING_S,
    },
    // A view locks nothing, and may be looked at for longer.
    reading: {
      ...limited,
      max: limits.read_pool_max,
      maxLifetimeSeconds: LIFETIME_S,
      idle_in_transaction_session_timeout: VIEW_MS,
    },
    writing: { ...limited, max: limits.write_pool_max, maxLifetimeSeconds: LIFETIME_S },
    archiving: {
      ...reaching,
      max: ARCHIVE_POOL_MAX,
      maxLifetimeSeconds: LIFETIME_S,
      statement_timeout: limits.archive_timeout,
      idle_in_transaction_session_timeout: limits.archive_timeout,
      query_timeout: limits.archive_timeout + SILENCE_MS,
    },
  };
};
