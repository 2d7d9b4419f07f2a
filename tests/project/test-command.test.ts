import { beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bareHouse, root } from './bare-house.js';

/** There are a few tests, and nothing to build. */
const { folder: house, put } = bareHouse([
  'scripts/test.mjs',
  'scripts/find-chromium.mjs',
  'scripts/longest-first.mjs',
  'jest.config.mjs',
  'package.json',
]);
beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  put('scripts/build.mjs', 'export const build = () => undefined;\n');
  put('tests/domain/right.test.ts', `test('one is one', () => expect(1).toBe(1));\n`);
  put('tests/domain/wrong.test.ts', `test('one is two', () => expect(1).toBe(2));\n`);
  put(
    'tests/contract/engines.test.ts',
    `describe('cloud:', () => test.skip('left out: there is no server', () => undefined));\n`,
  );
});

/** As `npm test -- …` in a house without a browser. */
const run = (given: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, ['scripts/test.mjs', '--runInBand', ...given], {
    cwd: house,
    encoding: 'utf8',
    env: { PATH: dirname(process.execPath), ...environment },
  });

test('what was run is counted, what was left out is named, and one test that fails is a failure', () => {
  const { status, stdout } = run(['--testPathPatterns', 'domain', 'contract']);
  expect(stdout).toMatch(/^LEFT OUT: “cloud”: there is no server\n1 passed, 1 failed, 1 skipped\n$/m);
  expect(status).toBe(1);
});

test('what was left out is a failure only where a machine stands for all others', () => {
  const rest = ['--selectProjects', 'domain', 'contract', '--testPathPatterns', 'right', 'engines'];
  const told = 'LEFT OUT: “cloud”: there is no server\n1 passed, 0 failed, 1 skipped\n';
  expect(run(rest)).toMatchObject({ status: 0, stdout: expect.stringContaining(told) });
  expect(run(rest, { CI: 'true' })).toMatchObject({ status: 1, stdout: expect.stringContaining(told) });
});

test('what Jest does not know ends with its own words, and nothing is counted', () => {
  const { status, stdout, stderr } = run(['--nope']);
  expect(stderr).toContain('Unrecognized option "nope"');
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test.each([[['--outputFile=x', '--json']], [['--json', '--output-file', 'x']]])(
  'a report of one’s own, by %j, is refused in a line that says what would do',
  (given) => {
    expect(run(given)).toMatchObject({
      status: 64,
      stdout: '',
      stderr: expect.stringMatching(/^--outputFile [^\n]*: leave it out\n$/),
    });
  },
);
