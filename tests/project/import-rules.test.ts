import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** For each rule, imports that break it: the file, and what it imports. */
const PLANTED: Record<string, { file: string; imports: string; typeOnly?: boolean }[]> = {
  'domain-is-pure': [{ file: 'src/domain/impure.ts', imports: 'node:fs' }],
  'application-knows-domain-only': [{ file: 'src/application/koa-user.ts', imports: 'koa', typeOnly: true }],
  'adapters-know-no-other-adapter': [
    {
      file: 'src/adapters/http/storage-user.ts',
      imports: '../storage/engine.js',
      typeOnly: true,
    },
    { file: 'src/adapters/http/top-level-user.ts', imports: '../../shown-as.js' },
  ],
  'engines-know-no-other-engine': [
    {
      file: 'src/adapters/storage/one/planted.ts',
      imports: '../other/engine.js',
    },
  ],
  'http-knows-no-aggregate-store': [
    {
      file: 'src/adapters/http/planted.ts',
      imports: '../../application/ports.js',
    },
  ],
  'only-the-container-names-inversify': [
    { file: 'src/adapters/http/inversify-user.ts', imports: 'inversify' },
  ],
  'nobody-knows-the-container': [
    { file: 'src/application/planted.ts', imports: '../container.js' },
    { file: 'src/application/house-user.ts', imports: '../house.js' },
  ],
  'client-knows-itself-and-the-rules': [
    {
      file: 'client/src/planted.ts',
      imports: '../../src/application/ports.js',
      typeOnly: true,
    },
  ],
  'client-core-is-pure': [{ file: 'client/src/core/planted.ts', imports: '../ports/planted.js' }],
  'no-circles': [{ file: 'src/domain/circle.ts', imports: './other-half.js' }],
  'no-unresolvable': [{ file: 'src/domain/lost.ts', imports: './nowhere.js' }],
};

/** What the planted imports lead to. */
const SURROUNDINGS = {
  'src/adapters/storage/engine.ts': 'export const x = 1;',
  'src/adapters/storage/other/engine.ts': 'export const x = 1;',
  'src/application/ports.ts': 'export const x = 1;',
  'src/container.ts': 'export const x = 1;',
  'src/house.ts': 'export const x = 1;',
  'src/shown-as.ts': 'export const x = 1;',
  'src/domain/other-half.ts': "import { z } from './circle.js'; export const x = z;",
  'client/src/ports/planted.ts': 'export const x = 1;',
};

let folder: string;

const plant = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** The broken rules, as `rule file`. */
let broken: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-imports-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  for (const [file, text] of Object.entries(SURROUNDINGS)) plant(file, text);
  for (const { file, imports, typeOnly } of Object.values(PLANTED).flat()) {
    const use = typeOnly ? 'export type T = typeof x;' : 'export const z = x;';
    plant(file, `import ${typeOnly ? 'type ' : ''}{ x } from '${imports}'; ${use}`);
  }
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout } = spawnSync(
    process.execPath,
    [depcruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'client/src'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  broken = summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
});

afterAll(() => rmSync(folder, { recursive: true }));

test('every import rule has a violation planted for it', async () => {
  const { default: config } = (await import(join(root, '.dependency-cruiser.mjs'))) as {
    default: { forbidden: { name: string }[] };
  };
  expect(Object.keys(PLANTED).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
});

test.each(Object.entries(PLANTED))('an import that breaks “%s” is caught', (rule, planted) => {
  for (const { file } of planted) expect(broken).toContain(`${rule} ${file}`);
});
