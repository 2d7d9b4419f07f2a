import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StorageRefused, type Engine } from '../engine.js';
import { Connection, openDatabase, pragma, resultCode, type Database } from './database.js';
import { lockOut } from './lock.js';
import { APPLICATION_ID, migrate, NEWEST_VERSION } from './migrations.js';
import { makeFile, makeFolder } from './owner-only.js';
import { SqliteStorage } from './sqlite-storage.js';

/** A larger file is looked through only after an unclean end, because that takes as long as reading it. */
const LOOKED_THROUGH_BYTES = 64 * 2 ** 20;
/** While it opens a file, the process may be held up; while it serves, hardly. */
const BUSY_WHEN_OPENING_MS = 5000;
const BUSY_WHEN_READING_MS = 250;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** One file has one name, and so one lock, whichever links lead to it. */
const pathOf = (address: string, existing: boolean): string => {
  const given = address.slice('sqlite:'.length);
  if (given === '' || given.startsWith(':')) {
    throw new StorageRefused('“sqlite:” wants the path of a file, such as sqlite:./data/parlour.db');
  }
  const path = resolve(given);
  if (existing && !existsSync(path))
    throw new StorageRefused(`there is no file ${path}; set the path of one that a Parlour has made`);
  makeFolder(dirname(path));
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
};

/** @throws {StorageRefused} for a file that is damaged, somebody else's, or of a newer Parlour */
const requireOurs = (database: Database, path: string): number => {
  const version = Number(pragma(database, 'user_version'));
  const isEmpty = pragma(database, 'schema_version') === 0;
  if (!isEmpty && pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new StorageRefused(`${path} is a SQLite database, but not one of Parlour's; set another path`);
  }
  if (version > NEWEST_VERSION) {
    throw new StorageRefused(
      `${path} was made by a newer Parlour (version ${version} of its tables, this one knows ${NEWEST_VERSION}); update Parlour`,
    );
  }
  const wasUnclean = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (wasUnclean || statSync(path).size <= LOOKED_THROUGH_BYTES) {
    const finding = String(pragma(database, 'quick_check(1)')).replace(/\s+/g, ' ');
    if (finding !== 'ok') {
      throw new StorageRefused(`${path} is damaged (${finding}); restore a backup`);
    }
  }
  return version;
};

/** Fsync that macOS takes for one: elsewhere it makes no difference. */
const EXACT = 'PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON';

const openWriter = (path: string): Connection => {
  const database = openDatabase(path, 0);
  database.exec(EXACT);
  return new Connection(database);
};

const openReader = (path: string): Connection => {
  const database = openDatabase(path, BUSY_WHEN_READING_MS);
  database.exec('PRAGMA query_only = ON');
  return new Connection(database);
};

const makeReady = (path: string): void => {
  makeFile(path);
  const database = openDatabase(path, BUSY_WHEN_OPENING_MS);
  try {
    const version = requireOurs(database, path);
    if (pragma(database, 'journal_mode = WAL') !== 'wal') {
      throw new StorageRefused(
        `${path} is where SQLite cannot keep a write-ahead log, a network drive perhaps; put it on a local disk`,
      );
    }
    database.exec(EXACT);
    migrate(database, version);
  } finally {
    database.close();
  }
};

/** While another process has the file, its tables stay as that one knows them. */
const requireNewest = (path: string): void => {
  const database = openDatabase(path, BUSY_WHEN_OPENING_MS);
  try {
    if (pragma(database, 'user_version') === NEWEST_VERSION) return;
    throw new StorageRefused(
      `${path} is in use by a Parlour of another version; use the same version, or stop the server first`,
    );
  } finally {
    database.close();
  }
};

/** Whether the file is there, whole, and as this Parlour makes it: who finds that need not lock anybody out. */
const isReady = (path: string): boolean => {
  if (!existsSync(path)) return false;
  const database = openDatabase(path, BUSY_WHEN_OPENING_MS);
  try {
    if (pragma(database, 'user_version') !== NEWEST_VERSION) return false;
    if (pragma(database, 'journal_mode') !== 'wal') return false;
    requireOurs(database, path);
    return true;
  } finally {
    database.close();
  }
};

const refusalFor = (path: string, error: unknown): unknown => {
  const { name, code, message } = error as Error & { code?: string };
  if (name === StorageRefused.name) return error;
  const result = resultCode(error);
  if (result === NOT_A_DATABASE || result === CORRUPT) {
    return new StorageRefused(
      `${path} is damaged, or no SQLite database (${message}); restore a backup, or set another path`,
    );
  }
  if (result !== undefined || code !== undefined) {
    return new StorageRefused(
      `${path} cannot be opened: ${message}; set the path of a file that this user may read and write, in a folder that it may write to`,
      { cause: error },
    );
  }
  return error;
};

/** One file, one process, nothing to install. An acknowledged write is on the disk: WAL with `synchronous=FULL`. */
export const sqliteEngine: Engine = {
  scheme: 'sqlite',
  capabilities: { durable: true, shared: false },
  async open(address, { beside = false, existing = false } = {}) {
    let path = address.slice('sqlite:'.length);
    let unlock: (() => void) | null = null;
    try {
      path = pathOf(address, existing);
      if (!beside || !isReady(path)) {
        unlock = lockOut(path);
        if (unlock !== null) makeReady(path);
        else if (beside) requireNewest(path);
        else
          throw new StorageRefused(
            `${path} is in use by another Parlour: one process has it to itself; stop that one, or set another path`,
          );
      }
      // A server may start while its backup is being made.
      if (beside) {
        unlock?.();
        unlock = null;
      }
      return new SqliteStorage({
        openWriter: () => openWriter(path),
        openReader: () => openReader(path),
        unlock: () => unlock?.(),
      });
    } catch (error) {
      unlock?.();
      throw refusalFor(path, error);
    }
  },
};
