import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { JsonBackupFile } from '../../src/adapters/backup/json-backup-file.js';
import type { Page } from '../../src/application/archive.js';
import { NOW } from '../contract/scene.js';
import { bigHouse } from '../support/houses.js';

const folder = mkdtempSync(join(tmpdir(), 'parlour-backup-'));
afterAll(() => rmSync(folder, { recursive: true }));

let paths = 0;
const freshPath = (): string => join(folder, `backup-${(paths += 1)}`);
const fileAt = (path: string): JsonBackupFile => new JsonBackupFile(path, () => NOW);

const pages = Object.entries(bigHouse(3)).map(([kind, records]) => ({ kind, records }) as Page);
async function* each(some: readonly Page[]): AsyncGenerator<Page> {
  yield* some;
}

const read = async (path: string): Promise<Page[]> => {
  const found: Page[] = [];
  for await (const page of fileAt(path).read()) found.push(page);
  return found;
};

const whole = freshPath();
await fileAt(whole).write(each(pages));
const bytes = readFileSync(whole);
const lines = gunzipSync(bytes).toString().trimEnd().split('\n');

const fileOf = (content: Buffer | string): string => {
  const path = freshPath();
  writeFileSync(path, content);
  return path;
};
const fileOfLines = (some: readonly string[]): string => fileOf(gzipSync(`${some.join('\n')}\n`));

const damaged = { name: 'MoveRefused', reason: 'damaged' };

test('what was written is read again, page by page, and only its owner may read it', async () => {
  expect(await read(whole)).toEqual(pages);
  expect(statSync(whole).mode & 0o077).toBe(0);
});

test('texts are kept as they are, whatever else takes a character of theirs for the end of a line', async () => {
  const path = freshPath();
  const text = 'a\u2028b\u2029c\u0085d\re\nf\tg "quoted" \\ 😀 é';
  const entry = { ...bigHouse(1).entry[0]!, text };
  await fileAt(path).write(each([{ kind: 'entry', records: [entry] }]));
  expect(await read(path)).toEqual([{ kind: 'entry', records: [entry] }]);
});

test('many records come in pages of a bounded size', async () => {
  const path = freshPath();
  const { entry } = bigHouse(2500);
  await fileAt(path).write(each([{ kind: 'entry', records: entry }]));
  const found = await read(path);
  expect(found.map(({ records }) => records.length)).toEqual([1000, 1000, 501]);
  expect(found.flatMap(({ records }) => records)).toEqual(entry);
});

test('a file that is there is not written over', async () => {
  const path = fileOf('my only copy');
  await expect(fileAt(path).write(each(pages))).rejects.toMatchObject({
    name: 'MoveRefused',
    reason: 'refused',
    message: expect.stringContaining('is there already'),
  });
  expect(readFileSync(path, 'utf8')).toBe('my only copy');
});

test('of two backups to one name at once, one is made whole and the other refused', async () => {
  const path = freshPath();
  let goOn = () => {};
  const gone = new Promise<void>((resolve) => (goOn = resolve));
  const slow = fileAt(path).write(
    (async function* () {
      await gone;
      yield* pages;
    })(),
  );
  writeFileSync(path, bytes, { flag: 'wx' });
  goOn();
  await expect(slow).rejects.toMatchObject({ reason: 'refused' });
  expect(await read(path)).toEqual(pages);
});

test('what a killed backup left half written neither prevents another nor is touched by it', async () => {
  const path = freshPath();
  const left = `${path}.partial-${process.pid}`;
  writeFileSync(left, 'half of it');
  await fileAt(path).write(each(pages));
  expect(await read(path)).toEqual(pages);
  expect(readFileSync(left, 'utf8')).toBe('half of it');
});

test('a backup that fails in the midst, or is given up, leaves no file, under no name', async () => {
  const before = readdirSync(folder);
  const failing = fileAt(freshPath()).write(
    (async function* () {
      yield* pages;
      throw new Error('the storage is gone');
    })(),
  );
  await expect(failing).rejects.toThrow('the storage is gone');
  const givingUp = new AbortController();
  const givenUp = new JsonBackupFile(freshPath(), () => NOW, givingUp.signal).write(
    (async function* () {
      yield pages[0]!;
      givingUp.abort();
      yield* pages.slice(1);
    })(),
  );
  await expect(givenUp).rejects.toMatchObject({ code: 'ABORT_ERR' });
  expect(readdirSync(folder)).toEqual(before);
});

test('where no file can be made, the reason is given', async () => {
  await expect(fileAt(join(folder, 'no/such/folder')).write(each(pages))).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('ENOENT'),
  });
});

test('a file that was cut off anywhere is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      await expect(read(fileOf(bytes.subarray(0, length)))).rejects.toMatchObject(damaged);
    }),
    { numRuns: 60 },
  );
});

test('a file in which any bit was turned over is refused, or holds the very same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
      const spoilt = Buffer.from(bytes);
      spoilt[at]! ^= 1 << bit;
      const found = await read(fileOf(spoilt)).catch((error: unknown) => error);
      if (Array.isArray(found)) expect(found).toEqual(pages);
      else expect(found).toMatchObject(damaged);
    }),
    { numRuns: 120 },
  );
});

test('a file that was packed again with any line left out, doubled or changed is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(lines.length - 1),
      fc.constantFrom<(line: string) => string[]>(
        () => [],
        (line) => [line, line],
        (line) => [line.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))],
      ),
      async (at, change) => {
        const spoilt = fileOfLines(lines.flatMap((line, nth) => (nth === at ? change(line) : [line])));
        await expect(read(spoilt)).rejects.toMatchObject(damaged);
      },
    ),
    { numRuns: 60 },
  );
});

test.each<[string, string, RegExp]>([
  ['no backup at all', fileOf('Dear diary'), /no whole backup/],
  ['a text that somebody packed', fileOf(gzipSync('Dear diary\n')), /no whole backup.*no record/],
  ['another JSON file', fileOf(gzipSync('{"name":"parlour"}\n')), /does not begin as one/],
  ['one endless line', fileOf(gzipSync('x'.repeat(3 * 2 ** 20))), /far too long/],
  ['an empty file', fileOf(''), /no whole backup/],
  ['a file that is not there', join(folder, 'not-there'), /cannot be read: ENOENT/],
  ['a folder', folder, /cannot be read: EISDIR/],
  ['one of a newer Parlour', fileOfLines(['{"parlour-backup":2}', '{}']), /newer Parlour.*update Parlour/],
  ['one with an unknown kind', fileOfLines([lines[0]!, '{"reaction":{}}']), /no record/],
  [
    'one with a record that lacks a part',
    fileOfLines([lines[0]!, '{"user":{"id":"a"}}']),
    /user that is none/,
  ],
])('%s is refused with the reason', async (_, path, complaint) => {
  await expect(read(path)).rejects.toMatchObject({ ...damaged, message: expect.stringMatching(complaint) });
});
