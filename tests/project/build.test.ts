import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { bareHouse, root } from './bare-house.js';

/** Something was built here long ago. */
const { folder: house, put } = bareHouse([
  'scripts/build.mjs',
  'scripts/bundle-server.mjs',
  'scripts/build-client.mjs',
  'scripts/client-names.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]);
const SERVER = 'dist/server/main.js';
const CLIENT = 'dist/client/index.html';

beforeAll(() => {
  mkdirSync(join(house, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.package-lock.json')
      symlinkSync(join(root, 'node_modules', name), join(house, 'node_modules', name));
  }
  put('client/src/main.ts', `document.title = 'new';\n`);
  put('client/styles.css', '');
  put('client/public/robots.txt', '');
  put('client/index.html', '%SCRIPT% %STYLES%');
  put('src/domain/rule.ts', 'export const rule = 1;\n');
  utimesSync(put(SERVER, `console.log('old');`), 1, 1);
});

/** As `npm start` does before it runs the server. */
const build = () =>
  spawnSync(process.execPath, ['scripts/build.mjs', '--only-stale'], { cwd: house, encoding: 'utf8' });
/** What that would build. */
const stale = (): string[] => {
  const ask = `import('./scripts/build.mjs').then(({ stale }) => console.log(JSON.stringify(stale())))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', ask], { cwd: house, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
};
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

describe('once all is built', () => {
  /** As npm notes it after an installation. */
  const install = (koa: string, tools: object): void => {
    const packages = { 'node_modules/koa': { version: koa, integrity: `sha512-${koa}` }, ...tools };
    put('node_modules/.package-lock.json', JSON.stringify({ lockfileVersion: 3, packages }));
  };
  const TOOLS = { 'node_modules/eslint': { version: '1.0.0', dev: true } };
  const age = (path: string, seconds: number): void => utimesSync(join(house, path), seconds, seconds);

  beforeAll(() => {
    put('src/main.ts', `console.log('new');\n`);
    install('1.0.0', TOOLS);
    expect(build()).toMatchObject({ status: 0, stderr: '' });
  });
  afterEach(() => install('1.0.0', TOOLS));

  test('there is nothing to build, also after an installation that changed nothing, or took the tools away', () => {
    expect(stale()).toEqual([]);
    install('1.0.0', TOOLS);
    age('node_modules/.package-lock.json', Date.now() / 1000 + 60);
    expect(stale()).toEqual([]);
    install('1.0.0', {});
    expect(stale()).toEqual([]);
  });

  test('other packages are built in as soon as they are installed, whatever else is as it was', () => {
    install('1.0.1', TOOLS);
    expect(stale()).toEqual([SERVER, CLIENT]);
  });

  test.each([
    ['src/main.ts', [SERVER]],
    ['tsconfig.build.json', [SERVER]],
    ['scripts/bundle-server.mjs', [SERVER]],
    ['client/src/main.ts', [CLIENT]],
    ['scripts/build-client.mjs', [CLIENT]],
    ['scripts/client-names.mjs', [CLIENT]],
    ['src/domain/rule.ts', [SERVER, CLIENT]],
    ['package.json', [SERVER, CLIENT]],
    ['tsconfig.json', [SERVER, CLIENT]],
    ['scripts/build.mjs', [SERVER, CLIENT]],
  ])('a change of %s has %j built anew', (path, parts) => {
    age(path, Date.now() / 1000 + 60);
    expect(stale()).toEqual(parts);
    age(path, 1);
  });
});
