import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { PostgresServer } from './postgres-server.js';

/** A database of one's own on a server that may serve others. */
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

/** SQLSTATE: insufficient_privilege. */
const NOT_ALLOWED = '42501';

/** A new database; a new schema where the server that POSTGRES_URL names lets us make no database. */
export const newPlace = async (): Promise<Place> => {
  const base = process.env['POSTGRES_URL'] || (await ownServer()).url();
  const name = `parlour_test_${randomBytes(6).toString('hex')}`;
  const address = new URL(base);
  try {
    await query(base, `create database ${name} encoding 'UTF8' template template0`);
    address.pathname = `/${name}`;
    return {
      address: address.href,
      dispose: async () => void (await query(base, `drop database ${name} with (force)`)),
    };
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error;
    await query(base, `create schema ${name}`);
    address.searchParams.set('options', `-c search_path=${name}`);
    return {
      address: address.href,
      dispose: async () => void (await query(base, `drop schema ${name} cascade`)),
    };
  }
};
