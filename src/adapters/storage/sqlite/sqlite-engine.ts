import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StorageRefused, type Engine } from '../engine.js';
import { Connection, DatabaseSync, type Database } from './database.js';
import { migrate, NEWEST_VERSION } from './migrations.js';
import { SqliteStorage } from './sqlite-storage.js';

/** "PARL": tells a file of ours from any other SQLite file. */
const APPLICATION_ID = 0x5041524c;
/** A larger file is looked through only after an unclean end, because that takes as long as reading it. */
const LOOKED_THROUGH_BYTES = 64 * 2 ** 20;
const BUSY_TIMEOUT_MS = 5000;

const number = (database: Database, pragma: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown>)[0]);

const pathOf = (address: string): string => {
  const path = address.slice('sqlite:'.length);
  if (path === '' || path.startsWith(':')) {
    throw new StorageRefused('“sqlite:” wants the path of a file, such as sqlite:./data/parlour.db');
  }
  return resolve(path);
};

/** Holds a lock that ends with this process, however it ends. @returns what gives it up */
const lockOut = (path: string): (() => void) => {
  const lock = new DatabaseSync(`${path}-lock`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new StorageRefused(`${path} is in use by another Parlour; one process has it to itself`);
  }
  return () => lock.close();
};

/** @throws {StorageRefused} for a file that is damaged, somebody else's, or of a newer Parlour */
const requireOurs = (database: Database, path: string): number => {
  const version = number(database, 'user_version');
  const isEmpty = number(database, 'schema_version') === 0;
  if (!isEmpty && number(database, 'application_id') !== APPLICATION_ID) {
    throw new StorageRefused(`${path} is a SQLite database, but not one of Parlour's`);
  }
  if (version > NEWEST_VERSION) {
    throw new StorageRefused(
      `${path} was made by a newer Parlour (version ${version} of its tables, this one knows ${NEWEST_VERSION}); update Parlour`,
    );
  }
  const wasUnclean = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (wasUnclean || statSync(path).size <= LOOKED_THROUGH_BYTES) {
    const [finding] = Object.values(
      database.prepare('PRAGMA quick_check(1)').get() as Record<string, unknown>,
    );
    if (finding !== 'ok')
      throw new StorageRefused(`${path} is damaged (${String(finding)}); restore a backup`);
  }
  return version;
};

const connect = (path: string): Database => {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
};

const openFile = (path: string, unlock: () => void): SqliteStorage => {
  const database = connect(path);
  try {
    const version = requireOurs(database, path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (version === 0) database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    migrate(database, version);
  } catch (error) {
    database.close();
    throw error;
  }
  const openReader = () => {
    const reader = connect(path);
    reader.exec('PRAGMA query_only = ON');
    return new Connection(reader);
  };
  return new SqliteStorage({ writer: new Connection(database), openReader, unlock });
};

const refusalFor = (path: string, error: unknown): unknown => {
  const { name, code, errcode, message } = error as Error & { code?: string; errcode?: number };
  if (name === StorageRefused.name) return error;
  if (errcode === 26 || (errcode ?? 0) % 256 === 11) {
    return new StorageRefused(`${path} is damaged, or no SQLite database (${message}); restore a backup`);
  }
  if (errcode !== undefined || code !== undefined)
    return new StorageRefused(`${path} cannot be opened: ${message}`);
  return error;
};

/** One file, one process, nothing to install. An acknowledged write is on the disk: WAL with `synchronous=FULL`. */
export const sqliteEngine: Engine = {
  scheme: 'sqlite',
  capabilities: { durable: true, shared: false },
  async open(address) {
    const path = pathOf(address);
    let unlock = () => {};
    try {
      mkdirSync(dirname(path), { recursive: true });
      unlock = lockOut(path);
      return openFile(path, unlock);
    } catch (error) {
      unlock();
      throw refusalFor(path, error);
    }
  },
};
