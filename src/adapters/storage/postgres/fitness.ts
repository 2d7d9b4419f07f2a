import type pg from 'pg';
import { StorageRefused } from '../engine.js';

const QUESTION = `select current_setting('fsync', true) as fsync,
  current_setting('full_page_writes', true) as full_page_writes,
  current_setting('synchronous_commit', true) as synchronous_commit,
  current_setting('server_encoding') as server_encoding,
  pg_is_in_recovery() as standby`;

interface Answer {
  readonly fsync: string | null;
  readonly full_page_writes: string | null;
  readonly synchronous_commit: string | null;
  readonly server_encoding: string;
  readonly standby: boolean;
}

/**
 * Asked on every new connection, not at the start alone: settings are reloaded, and a name may lead to another server
 * after a failure. A standby would answer reads from the past.
 * @throws {StorageRefused} where an acknowledged post could be lost, or names not be compared
 */
export const requireFit = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<Answer>(QUESTION);
  const found = rows[0]!;
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'] as const) {
    if (found[setting] !== 'off') continue;
    throw new StorageRefused(
      `${setting} is off on this PostgreSQL, so messages that were acknowledged could be lost in a crash: turn it on`,
    );
  }
  if (found.server_encoding !== 'UTF8') {
    throw new StorageRefused(
      `the database's encoding is ${found.server_encoding}: create it with ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  if (found.standby)
    throw new StorageRefused('this PostgreSQL is a standby: give the address of its primary');
};
