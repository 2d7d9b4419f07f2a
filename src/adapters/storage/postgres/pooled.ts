import pg from 'pg';
import { asTold } from './failures.js';
import { requireFit } from './fitness.js';

/**
 * Connections to a server that is fit for us, and stay so.
 * @param settings what is set on each of them, in SQL
 */
export const poolOf = (config: pg.PoolConfig, settings: string | null = null): pg.Pool => {
  const prepare = async (client: pg.ClientBase): Promise<void> => {
    await requireFit(client);
    if (settings !== null) await client.query(settings);
  };
  const pool = new pg.Pool({ ...config, onConnect: prepare as (client: pg.ClientBase) => void });
  // The server ends connections at any time, idle or not; whoever uses one is told by its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
};

/** @throws {StorageUnavailable} where there is none to be had */
export const connect = (pool: pg.Pool): Promise<pg.PoolClient> =>
  pool.connect().catch((error: unknown) => {
    throw asTold(error);
  });

/** One query, in a transaction of its own. */
export const askOnce = async <R extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: pg.QueryConfig,
): Promise<R[]> => {
  try {
    return (await pool.query<R>(query)).rows;
  } catch (error) {
    throw asTold(error);
  }
};
