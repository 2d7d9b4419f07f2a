import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const PARTS = [
  'scripts/build.mjs',
  'scripts/bundle-server.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** A house of one server's file and no client, in which something was built long ago. */
let house: string;
const put = (path: string, text: string): string => {
  const at = join(house, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, text);
  return at;
};
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'parlour-build-'));
  for (const part of PARTS) cpSync(join(root, part), join(house, part));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  utimesSync(put('dist/server/main.js', `console.log('old');`), 1, 1);
});
afterAll(() => rmSync(house, { recursive: true }));

/** As `npm start` does before it runs the server. */
const build = () =>
  spawnSync(process.execPath, ['scripts/build.mjs', '--only-stale'], { cwd: house, encoding: 'utf8' });
const built = (): string[] =>
  existsSync(join(house, 'dist/server')) ? readdirSync(join(house, 'dist/server')) : [];

test('a build whose types are wrong fails, says where, and leaves nothing that could be run, new or old', () => {
  put('src/main.ts', `const seats: number = 'two';\nconsole.log('new', seats);\n`);
  const { status, stdout } = build();
  expect(status).not.toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^src\/main\.ts\(1,7\): error TS2322/),
  ]);
  expect(built()).toEqual([]);
});
