import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jestConfig from '../jest.config.mjs';
import { build } from './build.mjs';
import { findChromium } from './find-chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
if (given.some((one) => /^--output-?file(?:=|$)/i.test(one))) {
  process.stderr.write('--outputFile is where this command has Jest write for it to count: leave it out\n');
  process.exit(64);
}
const chromium = findChromium({ shellFirst: true });

/** Suites that this machine cannot run, and why. */
const leftOut = new Map();
if (chromium === null) {
  leftOut.set(
    'browser',
    'neither Chrome nor Chromium was found; install one, or say where it is by CHROME_PATH',
  );
}

await build({ onlyStale: true });

const all = jestConfig.projects.map(({ displayName }) => displayName);
const chosen = given.includes('--selectProjects')
  ? []
  : ['--selectProjects', ...all.filter((name) => !leftOut.has(name))];
const folder = mkdtempSync(join(tmpdir(), 'parlour-test-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...chosen,
    ...given,
    '--json',
    `--outputFile=${report}`,
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, CHROME_PATH: chromium ?? '' } },
);

const isReported = existsSync(report);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = isReported
  ? JSON.parse(readFileSync(report, 'utf8'))
  : {};
rmSync(folder, { recursive: true });
/* Jest has said why: it was asked for what it does not know. */
if (!isReported) process.exit(status || 1);

for (const [name, why] of leftOut) process.stdout.write(`LEFT OUT: the suite “${name}”: ${why}\n`);
/* What a suite leaves out by itself, such as an engine whose server is not there, it says by a test of that name. */
for (const { ancestorTitles, title, status: how } of testResults.flatMap((file) => file.assertionResults)) {
  if (how === 'pending' && title.startsWith('left out: '))
    process.stdout.write(`LEFT OUT: “${ancestorTitles.join(' ').replace(/:$/, '')}”: ${title.slice(10)}\n`);
}
process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);

/* Where a machine stands for all others, a suite that was left out is a failure. */
const isIncomplete = process.env.CI !== undefined && (leftOut.size > 0 || numPendingTests > 0);
process.exitCode = status !== 0 ? (status ?? 1) : isIncomplete ? 1 : 0;
