import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { PostgresServer } from './postgres-server.js';

/** Tables of one's own on a server that may serve others. */
export interface Place {
  readonly address: string;
  dispose(): Promise<void>;
}

let own: Promise<PostgresServer> | null = null;

/** The server of this test process: started when it is first needed, unless POSTGRES_URL names one. */
export const ownServer = (): Promise<PostgresServer> => (own ??= PostgresServer.start());

export const stopOwnServer = async (): Promise<void> => {
  await (await own)?.stop();
  own = null;
};

export const query = async (address: string, text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client(address);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

/** A schema of its own: as empty as a new database, and made in a hundredth of the time. */
export const newPlace = async (): Promise<Place> => {
  const base = process.env['POSTGRES_URL'] || (await ownServer()).url();
  const name = `parlour_test_${randomBytes(6).toString('hex')}`;
  await query(base, `create schema ${name}`);
  const address = new URL(base);
  address.searchParams.set('options', `-c search_path=${name}`);
  return {
    address: address.href,
    dispose: async () => void (await query(base, `drop schema ${name} cascade`)),
  };
};
