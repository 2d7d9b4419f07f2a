import pg from 'pg';
import { StorageRefused, type Engine } from '../engine.js';
import { readAddress } from './address.js';
import { withAdvice } from './advice.js';
import { FORGET_OTHERS } from './changes.js';
import { requireFit } from './fitness.js';
import { bringUpToDate } from './migrations.js';
import { PostgresStorage } from './postgres-storage.js';

/**
 * PostgreSQL, for any number of Parlour processes. It has SQL of its own rather than a body shared with SQLite: there the
 * hot path is prepared statements that answer synchronously under one writer's lock, here it is rows locked one by one
 * and as few waits for the network as can be; what they could share would be the simplest statements only.
 */
export const postgresEngine: Engine = {
  scheme: 'postgres',
  capabilities: { durable: true, shared: true },
  async open(address, { existing = false } = {}) {
    const connecting = readAddress(address);
    const pool = new pg.Pool(connecting.unlimited);
    // A connection that is lost while it is in use tells whoever uses it, and must not end the process as well.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', () => undefined);
    try {
      const client = await pool.connect();
      let found: { schema: string | null; logs: string | null };
      try {
        await requireFit(client);
        const { rows } = await client.query<typeof found>(
          `select current_schema() as schema, to_regclass('logs') as logs`,
        );
        found = rows[0]!;
      } finally {
        client.release();
      }
      const { schema, logs } = found;
      if (schema === null)
        throw new StorageRefused('its search_path names no schema that exists; create it, or name another');
      if (existing && logs === null)
        throw new StorageRefused("there is nothing of Parlour's; set the address of what a Parlour has used");
      await bringUpToDate(pool, schema);
      await pool.query(FORGET_OTHERS);
    } catch (error) {
      if (error instanceof StorageRefused) throw error;
      throw new StorageRefused(withAdvice(error), { cause: error });
    } finally {
      await pool.end();
    }
    return new PostgresStorage(connecting);
  },
};
