import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { StorageUnavailable, type OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { readAddress } from '../../../src/adapters/storage/postgres/address.js';
import { PostgresStorage } from '../../../src/adapters/storage/postgres/postgres-storage.js';
import { query } from '../../support/postgres-places.js';
import { PostgresServer } from '../../support/postgres-server.js';
import { addRoom, allEntries, open, post } from './scene.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let server: PostgresServer;
let storage: OpenedStorage;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  storage = await open(server.url());
  await addRoom(storage, `${expect.getState().currentTestName}`);
});
afterEach(() => storage.close());

const room = () => `${expect.getState().currentTestName}`;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const took = async (work: Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
};

/** Another Parlour process, in the middle of posting in the room. */
const startPoster = async (folder: string, way: 'together' | 'apart') => {
  const file = join(folder, 'poster.mjs');
  const bundling = ['--bundle', '--platform=node', '--format=esm', '--packages=external'];
  const source = join(root, 'tests/adapters/postgres/paused-process.ts');
  await promisify(execFile)(join(root, 'node_modules/.bin/esbuild'), [
    source,
    ...bundling,
    `--outfile=${file}`,
  ]);
  const child = spawn(process.execPath, [file, server.url(), room(), '6', way], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
};

test.each([
  ['together', 'the transaction that its posts share'],
  ['apart', 'its transactions'],
] as const)(
  'a process that is stopped (posting %s) in the middle of %s holds a room for two seconds at most',
  async (way, _) => {
    const folder = await mkdtemp(join(root, 'node_modules/.parlour-test-'));
    const poster = await startPoster(folder, way);
    const ended = once(poster, 'exit');
    poster.kill('SIGSTOP');
    const waits = await Promise.all(numbers(5).map((key) => took(post(storage, room(), `${key}`))));
    expect(Math.max(...waits)).toBeLessThan(3000);
    expect(Math.max(...waits)).toBeGreaterThan(200);
    expect(await took(post(storage, room(), 'after'))).toBeLessThan(1000);
    poster.kill('SIGCONT');
    await ended;
    await rm(folder, { recursive: true });
    const entries = await allEntries(storage, room());
    expect(entries.map(({ seq }) => seq)).toEqual(numbers(entries.length));
    expect(new Set(entries.map(({ text }) => text)).size).toBe(entries.length);
  },
);

test('a server that is killed in the middle of posting loses nothing that was acknowledged, and is used again', async () => {
  const acknowledged = new Map<string, number>();
  const failures: unknown[] = [];
  let isOver = false;
  const write = async (writer: number): Promise<void> => {
    for (let n = 1; !isOver; n += 1) {
      const key = `${writer}-${n}`;
      try {
        acknowledged.set(key, (await post(storage, room(), key)).seq);
      } catch (error) {
        failures.push(error);
        await pause(20);
      }
    }
  };
  const writers = Promise.all(numbers(6).map(write));
  while (acknowledged.size <= 10) await pause(10);
  await server.kill();
  await pause(200);
  const before = acknowledged.size;
  await server.run();
  const backAfter = await took(
    (async () => {
      while (acknowledged.size === before) await pause(10);
    })(),
  );
  await pause(300);
  isOver = true;
  await writers;
  expect(before).toBeGreaterThan(10);
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) expect(failure).toBeInstanceOf(StorageUnavailable);
  expect(backAfter).toBeLessThan(10_000);
  const entries = await allEntries(storage, room());
  const stored = new Map(entries.map(({ text, seq }) => [text, seq]));
  expect(stored.size).toBe(entries.length);
  for (const [key, seq] of acknowledged) expect([key, stored.get(key)]).toEqual([key, seq]);
  expect(entries.map(({ seq }) => seq)).toEqual(numbers(entries.length));
});

test('storage that is away says so soon, and is back when it returns', async () => {
  await storage.ping();
  await server.kill();
  const asks: (() => Promise<unknown>)[] = [
    () => storage.ping(),
    () => post(storage, room(), 'one'),
    () => allEntries(storage, room()),
    () => storage.exchange!.swap([], [room()], 600_000),
  ];
  for (const ask of [...asks, ...asks]) {
    const startedAt = performance.now();
    await expect(ask()).rejects.toBeInstanceOf(StorageUnavailable);
    expect(performance.now() - startedAt).toBeLessThan(2500);
  }
  await server.run();
  await storage.ping();
  expect((await post(storage, room(), 'two')).seq).toBe(1);
});

test('a server that says nothing any more counts as away', async () => {
  const silent = await open(`${server.url()}?statement_timeout=500`);
  await allEntries(silent, room());
  await server.freeze();
  try {
    await expect(allEntries(silent, room())).rejects.toBeInstanceOf(StorageUnavailable);
    await expect(post(silent, room(), 'one')).rejects.toBeInstanceOf(StorageUnavailable);
  } finally {
    await server.thaw();
  }
  expect((await post(silent, room(), 'two')).seq).toBe(1);
  await silent.close();
});

test('a copy or a backup is given up, in words, where the server says nothing any more or one statement takes for ever', async () => {
  const limited = await open(`${server.url()}?archive_timeout=500`);
  const given = (up: Promise<unknown>) => Promise.race([up.catch((error: unknown) => error), pause(10_000)]);
  const inWords = {
    name: 'StorageUnavailable',
    message: expect.stringMatching(/one statement.*archive_timeout/),
  };
  const reading = limited.archive.read(async (from) => {
    expect(await from.page('room', null, 1)).toHaveLength(1);
    await server.freeze();
    return from.page('room', null, 1);
  });
  const came = await given(reading);
  await server.thaw();
  expect(came).toMatchObject(inWords);
  const inTheWay = new pg.Client(server.url());
  await inTheWay.connect();
  await inTheWay.query('begin; lock table rooms in exclusive mode');
  const locked = await given(limited.archive.write((to) => to.note()));
  await inTheWay.end();
  expect(locked).toMatchObject(inWords);
  expect(await limited.archive.write((to) => to.note())).toBeNull();
  await limited.close();
});

test('a restore that is stopped in the midst keeps everybody’s posts waiting for so long only, and changes nothing', async () => {
  const limited = await open(`${server.url()}?archive_timeout=500`);
  const stopped = limited.archive.write(async (to) => {
    await to.clear();
    const other = new pg.Client(server.url());
    await other.connect();
    const goneOn = other.query('begin; lock table rooms in exclusive mode; rollback').then(() => true);
    const isLetGo = await Promise.race([goneOn, pause(10_000, false)]);
    await other.end();
    expect(isLetGo).toBe(true);
    await to.setNote('still here');
  });
  await expect(stopped).rejects.toMatchObject({ name: 'StorageUnavailable' });
  expect(await limited.archive.read((from) => from.page('room', null, 9))).not.toEqual([]);
  expect(await limited.archive.read((from) => from.note())).toBeNull();
  await limited.close();
});

test('a backup takes as long as it takes, though each of its statements has a limit', async () => {
  const limited = await open(`${server.url()}?archive_timeout=200`);
  await limited.archive.read(async (from) => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 500) expect(await from.page('room', null, 1)).toHaveLength(1);
  });
  await limited.close();
});

test('a server that says nothing any more keeps no storage from being closed', async () => {
  const listening = new Promise<void>((heard) => storage.hints!.listen(() => heard()));
  await Promise.all([
    listening,
    post(storage, room(), 'one'),
    allEntries(storage, room()),
    storage.archive.read((from) => from.note()),
  ]);
  await server.freeze();
  const closed = took(storage.close());
  await Promise.race([closed, pause(2000)]);
  await server.thaw();
  expect(await closed).toBeLessThan(2000);
});

test('posts are acknowledged no longer once an acknowledged one could be lost, however busy their connections are', async () => {
  const connecting = readAddress(server.url());
  expect(connecting.writing.maxLifetimeSeconds).toBeLessThanOrEqual(60);
  const busy = new PostgresStorage({
    ...connecting,
    writing: { ...connecting.writing, maxLifetimeSeconds: 0.2 },
  });
  const set = async (change: string): Promise<void> => {
    await query(server.url(), `alter system ${change}`);
    await query(server.url(), 'select pg_reload_conf()');
  };
  try {
    await post(busy, room(), 'before');
    await set('set synchronous_commit = off');
    const since = performance.now();
    let refusal: unknown = null;
    for (let n = 1; refusal === null && performance.now() - since < 5000; n += 1) {
      await post(busy, room(), `${n}`).catch((error: unknown) => (refusal = error));
    }
    expect(refusal).toBeInstanceOf(StorageUnavailable);
    await set('reset synchronous_commit');
    // A connection that is made while settings are reloaded may still find the old one.
    const isBack = () => post(busy, room(), 'after').catch(() => null);
    while ((await isBack()) === null) await pause(10);
  } finally {
    await set('reset synchronous_commit');
    await busy.close();
  }
});

test('connections that the server ends while nobody uses them are no one’s error', async () => {
  await Promise.all(numbers(6).map((key) => post(storage, room(), `${key}`)));
  await query(
    server.url(),
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parlour'`,
  );
  expect((await post(storage, room(), 'another')).seq).toBe(7);
});
