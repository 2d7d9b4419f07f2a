import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const table = readFileSync(join(root, 'docs/requirements.md'), 'utf8');
const { provedIn, withProofs } = (await import(join(root, 'scripts/requirements-table.mjs'))) as {
  provedIn: () => Map<string, string[]>;
  withProofs: (text: string) => string;
};

const listed = [...table.matchAll(/^\| ([ABC]\d\d) \|/gm)].map(([, id]) => id!);

test('the table has all 52 requirements, once each', () => {
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${letter}${String(at + 1).padStart(2, '0')}`);
  expect(listed).toEqual([...numbered('A', 17), ...numbered('B', 22), ...numbered('C', 13)]);
});

test('every requirement stands in the title of at least one test', () => {
  const proofs = provedIn();
  expect(listed.filter((id) => !proofs.has(id))).toEqual([]);
});

test('no test names a requirement that there is not', () => {
  expect([...provedIn().keys()].filter((id) => !listed.includes(id))).toEqual([]);
});

test('the table says where each requirement is proved (else run node scripts/requirements-table.mjs)', () => {
  expect(table).toBe(withProofs(table));
});
