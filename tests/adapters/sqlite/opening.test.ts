import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NEWEST_VERSION } from '../../../src/adapters/storage/sqlite/migrations.js';
import { numbersOf, openRoom, say, textsOf } from '../../contract/scene.js';
import { connectionsOf, freshPath, fromOutside, one, open, refusalOf, startPoster } from './scene.js';

const refused = { name: 'StorageRefused' };

test.each(['sqlite:', 'sqlite::memory:'])(
  '%s names no file, and is refused with an example',
  async (address) => {
    expect(await refusalOf(address)).toMatchObject({
      ...refused,
      message: expect.stringMatching(/parlour\.db/),
    });
  },
);

test('folders that are not there are made, and a path is relative to where the process runs', async () => {
  const path = join(dirname(freshPath()), 'a', 'b', 'parlour.db');
  await open(relative(process.cwd(), path));
  expect(existsSync(path)).toBe(true);
});

/** Who may do what with each of these, as `chmod` says it. */
const modesOf = (...paths: string[]): string[] =>
  paths.map((path) => (statSync(path).mode & 0o777).toString(8));

describe('under the usual umask', () => {
  let before: number;
  beforeEach(() => {
    before = process.umask(0o022);
  });
  afterEach(() => {
    process.umask(before);
  });

  test('what is made to keep the data is for its owner alone: folders, the file, and all that lies beside it', async () => {
    const folder = join(dirname(freshPath()), 'a');
    const path = join(folder, 'b', 'parlour.db');
    await openRoom(await open(path), 'tea');
    expect(modesOf(folder, dirname(path))).toEqual(['700', '700']);
    const files = readdirSync(dirname(path)).sort();
    const names = ['', '-lock', '-shm', '-wal'].map((end) => `${basename(path)}${end}`);
    expect(files).toEqual(expect.arrayContaining(names));
    expect(files.filter((name) => modesOf(join(dirname(path), name))[0] !== '600')).toEqual([]);
  });

  test('also where a link leads to a file that is not there yet', async () => {
    const path = freshPath();
    symlinkSync(`${path}-elsewhere`, path);
    await openRoom(await open(path), 'tea');
    expect(modesOf(`${path}-elsewhere`)).toEqual(['600']);
  });

  test('a folder and a file that are there stay as whoever runs the server has set them', async () => {
    const path = freshPath();
    chmodSync(dirname(path), 0o750);
    await (await open(path)).close();
    chmodSync(path, 0o640);
    await openRoom(await open(path), 'tea');
    expect(modesOf(dirname(path), path, `${path}-wal`)).toEqual(['750', '640', '640']);
  });
});

test('a file that cannot be made is refused with the reason', async () => {
  const path = freshPath();
  writeFileSync(path, '');
  const below = await refusalOf(`sqlite:${path}/parlour.db`);
  expect(below).toMatchObject({ ...refused, message: expect.stringContaining(path) });
  mkdirSync(`${path}-folder`);
  expect(await refusalOf(`sqlite:${path}-folder`)).toMatchObject({
    ...refused,
    message: expect.stringContaining('cannot be opened'),
  });
});

test('a file that is no database is refused, and left as it is', async () => {
  const path = freshPath();
  const diary = 'Dear diary, today '.repeat(1000);
  writeFileSync(path, diary);
  expect(await refusalOf(`sqlite:${path}`)).toMatchObject({
    ...refused,
    message: expect.stringContaining('no SQLite database'),
  });
  expect(readFileSync(path, 'utf8')).toBe(diary);
});

test('a database that is not Parlour’s is refused, and left as it is', async () => {
  const path = freshPath();
  fromOutside(path, (database) => database.exec('CREATE TABLE diary (day TEXT)'));
  const before = readFileSync(path);
  expect(await refusalOf(`sqlite:${path}`)).toMatchObject({
    ...refused,
    message: expect.stringContaining('not one of Parlour'),
  });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a file of a newer Parlour is refused with what to do, and left as it is', async () => {
  const path = freshPath();
  await (await open(path)).close();
  fromOutside(path, (database) => database.exec(`PRAGMA user_version = ${NEWEST_VERSION + 1}`));
  expect(await refusalOf(`sqlite:${path}`)).toMatchObject({
    ...refused,
    message: expect.stringMatching(/newer Parlour.*update Parlour/),
  });
  expect(fromOutside(path, (database) => one(database, 'PRAGMA user_version'))).toBe(NEWEST_VERSION + 1);
});

test('a damaged file is refused with what to do', async () => {
  const path = freshPath();
  const storage = await open(path);
  await openRoom(storage, 'tea');
  for (let at = 0; at < 20; at++) await say(storage, 'tea', `${at} ${'x'.repeat(2000)}`);
  await storage.close();
  const bytes = readFileSync(path);
  bytes.fill(0x55, 3 * 4096, bytes.length - 4096);
  writeFileSync(path, bytes);
  expect(await refusalOf(`sqlite:${path}`)).toMatchObject({
    ...refused,
    message: expect.stringMatching(/damaged.*restore a backup/),
  });
});

test('a refused file can be opened once what was wrong with it is mended', async () => {
  const path = freshPath();
  writeFileSync(path, 'Dear diary, today '.repeat(1000));
  await refusalOf(`sqlite:${path}`);
  writeFileSync(path, '');
  await openRoom(await open(path), 'tea');
});

test('migrations are run once, and opening again finds nothing to do', async () => {
  const path = freshPath();
  const tables = () =>
    fromOutside(path, (database) => [
      one(database, 'PRAGMA user_version'),
      one(database, 'PRAGMA application_id'),
      one(database, 'PRAGMA schema_version'),
      one(database, 'PRAGMA journal_mode'),
    ]);
  await (await open(path)).close();
  const first = tables();
  expect(first).toEqual([NEWEST_VERSION, 0x5041524c, expect.any(Number), 'wal']);
  await (await open(path)).close();
  expect(tables()).toEqual(first);
});

test('after it is closed the file by itself holds everything', async () => {
  const path = freshPath();
  const storage = await open(path);
  await openRoom(storage, 'tea');
  await say(storage, 'tea', 'hello');
  await storage.close();
  copyFileSync(path, `${path}-copy`);
  expect(await textsOf(await open(`${path}-copy`), 'tea')).toEqual(['hello']);
});

test('a file that another process has open is refused, by whatever path, until that process is killed', async () => {
  const path = freshPath();
  const poster = await startPoster(path);
  await once(poster.stdout!, 'data');
  const inUse = { ...refused, message: expect.stringContaining('in use by another Parlour') };
  expect(await refusalOf(`sqlite:${path}`)).toMatchObject(inUse);
  symlinkSync(path, `${path}-link`);
  expect(await refusalOf(`sqlite:${path}-link`)).toMatchObject(inUse);
  poster.kill('SIGKILL');
  await once(poster, 'exit');
  expect(await numbersOf(await open(path), 'tea')).not.toEqual([]);
});

const setVersion = (path: string, version: number): void =>
  fromOutside(path, (database) => database.exec(`PRAGMA user_version = ${version}`));

test('a file that is ready is opened beside without its lock, so that no server that starts meanwhile is refused', async () => {
  const path = freshPath();
  const before = await open(path);
  await openRoom(before, 'tea');
  await before.close();
  rmSync(`${path}-lock`);
  const beside = await open(path, { beside: true });
  expect(existsSync(`${path}-lock`)).toBe(false);
  const server = await open(path);
  await say(server, 'tea', 'hello');
  expect(await textsOf(beside, 'tea')).toEqual(['hello']);
});

test('what is opened beside no server is made, or brought up to date, and then left to whoever starts', async () => {
  const path = freshPath();
  await (await open(path, { beside: true })).close();
  fromOutside(path, (database) => database.exec('DROP TABLE moving'));
  setVersion(path, 1);
  await open(path, { beside: true });
  expect(fromOutside(path, (database) => one(database, 'PRAGMA user_version'))).toBe(NEWEST_VERSION);
  await openRoom(await open(path), 'tea');
});

test('what is opened beside is refused for the reasons that a server is, and beside a server of another version', async () => {
  const why = async (path: string) => (await refusalOf(`sqlite:${path}`, { beside: true })).message;
  const path = freshPath();
  const storage = await open(path);
  await openRoom(storage, 'tea');
  for (let at = 0; at < 20; at++) await say(storage, 'tea', `${at} ${'x'.repeat(2000)}`);
  for (const version of [NEWEST_VERSION - 1, NEWEST_VERSION + 1]) {
    setVersion(path, version);
    expect(await why(path)).toMatch(/in use by a Parlour of another version/);
  }
  await storage.close();
  expect(await why(path)).toMatch(/newer Parlour.*update Parlour/);
  setVersion(path, NEWEST_VERSION);
  const bytes = readFileSync(path);
  bytes.fill(0x55, 3 * 4096, bytes.length - 4096);
  writeFileSync(path, bytes);
  expect(await why(path)).toMatch(/damaged.*restore a backup/);
  const diary = freshPath();
  writeFileSync(diary, 'Dear diary, today '.repeat(1000));
  expect(await why(diary)).toMatch(/no SQLite database/);
});

test('whoever only reads the file can, with SQLite’s own tools, while Parlour has it open', async () => {
  const path = freshPath();
  const storage = await open(path);
  await openRoom(storage, 'tea');
  await say(storage, 'tea', 'hello');
  const copy = `${path}-copy`;
  fromOutside(path, (database) => {
    expect(one(database, 'SELECT text FROM entries')).toBe('hello');
    database.exec(`VACUUM INTO '${copy}'`);
  });
  await say(storage, 'tea', 'goes on');
  expect(await numbersOf(await open(copy), 'tea')).toEqual([1]);
});

test('every commit waits for the disk, and no reader can write', async () => {
  const storage = await open(freshPath());
  await openRoom(storage, 'tea');
  await numbersOf(storage, 'tea');
  const [writer, reader] = connectionsOf(storage);
  expect(writer.one('PRAGMA synchronous')).toMatchObject({ synchronous: 2 });
  expect(writer.one('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
  expect(() => reader.run('DELETE FROM entries')).toThrow(/readonly/);
});
