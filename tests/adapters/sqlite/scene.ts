import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach } from '@jest/globals';
import type { OpenedStorage, Opening } from '../../../src/adapters/storage/engine.js';
import type { Connection } from '../../../src/adapters/storage/sqlite/database.js';
import { sqliteEngine } from '../../../src/adapters/storage/sqlite/sqlite-engine.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const toTidy: (() => unknown)[] = [];
afterEach(async () => {
  for (const tidy of toTidy.splice(0).reverse()) await tidy();
});

/** A file that is not there yet, in a folder of its own that goes with the test. */
export const freshPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-sqlite-'));
  toTidy.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'parlour.db');
};

export const open = async (path: string, how: Opening = {}): Promise<OpenedStorage> => {
  const storage = await sqliteEngine.open(`sqlite:${path}`, how);
  toTidy.push(() => storage.close());
  return storage;
};

/** Why the file is not opened. */
export const refusalOf = (address: string, how: Opening = {}): Promise<{ name: string; message: string }> =>
  sqliteEngine.open(address, how).then(
    async (storage) => {
      await storage.close();
      throw new Error(`${address} was opened`);
    },
    (error: unknown) => error as Error,
  );

/** The file, as anyone with SQLite's own tools sees it. */
export const fromOutside = <T>(path: string, look: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(path);
  try {
    return look(database);
  } finally {
    database.close();
  }
};
type DatabaseSync = InstanceType<typeof DatabaseSync>;

export const one = (database: DatabaseSync, sql: string): unknown =>
  Object.values(database.prepare(sql).get() as Record<string, unknown>)[0];

/** The connections within, for what shows nowhere else: the writer's, and an idle reader's. */
export const connectionsOf = (storage: OpenedStorage): [Connection, Connection] => {
  const within = storage as unknown as {
    commits: { writer: Connection };
    snapshots: { idle: Connection[] };
  };
  return [within.commits.writer, within.snapshots.idle[0]!];
};

/** Another Parlour process: it posts to the room “tea”, and says each number that was acknowledged. */
export const startPoster = async (path: string): Promise<ChildProcess> => {
  const folder = mkdtempSync(join(root, 'node_modules/.parlour-test-'));
  toTidy.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'poster.mjs');
  await promisify(execFile)(join(root, 'node_modules/.bin/esbuild'), [
    join(root, 'tests/adapters/sqlite/poster.ts'),
    ...['--bundle', '--platform=node', '--format=esm', '--packages=external', `--outfile=${file}`],
  ]);
  const child = spawn(process.execPath, [file, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  toTidy.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
};
