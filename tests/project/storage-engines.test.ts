import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enrolled } from '../contract/enrolled.js';
import { everyCase } from '../contract/contract.js';
import { rulesTable } from '../contract/rules-table.js';
import { saboteurs } from '../contract/saboteurs/saboteurs.js';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'docs/storage-engines.md');
const guide = readFileSync(path, 'utf8');

/** What stands in backticks, outside of blocks of code. */
const quoted = [...guide.replace(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);

test('every engine that the contract suite tries is named in the guide to storage engines', () => {
  for (const scheme of Object.keys(enrolled)) expect(quoted).toContain(scheme);
});

test('every file and folder that the guide to storage engines names is there', () => {
  const named = quoted.filter((text) => /^(?:src|tests|examples|docs|scripts)\/[\w./-]*$/.test(text));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every group of rules has its line in the guide to storage engines', () => {
  for (const file of readdirSync(join(root, 'tests/contract/cases')))
    expect(quoted).toContain(file.replace('.ts', ''));
});

test('every method of the ports for storage is explained in the guide to storage engines', () => {
  const ports = readFileSync(join(root, 'src/application/ports.ts'), 'utf8');
  const archive = readFileSync(join(root, 'src/application/archive.ts'), 'utf8');
  const names = (source: string, part: RegExp): string[] =>
    [...(part.exec(source)?.[0] ?? '').matchAll(/^ {2}(\w+)(?:<[^(]*>)?\(/gm)].map(([, name]) => name!);
  const methods = [
    ...names(ports, /\/\* Storage:[^]*?\/\* Presence/),
    ...names(archive, /export interface Archive \{[^]*/),
    'swap',
  ];
  expect(methods.length).toBeGreaterThan(25);
  expect(methods.filter((name) => !quoted.some((text) => text.split(/\W/).includes(name)))).toEqual([]);
});

test('every saboteur is caught by a rule that there is, and by no other name than it has', () => {
  const names = new Set(everyCase.map(({ name }) => name));
  expect(names.size).toBe(everyCase.length);
  expect(saboteurs.filter(({ caughtBy }) => !names.has(caughtBy))).toEqual([]);
});

/** `WRITE_GUIDE=on` writes it anew. */
test('the table of rules in the guide to storage engines is that of the suite', () => {
  const [begin, end] = ['<!-- the rules begin -->', '<!-- the rules end -->'];
  const written = `${guide.split(begin)[0]!}${begin}\n\n${rulesTable()}\n\n${end}${guide.split(end)[1]!}`;
  if (process.env['WRITE_GUIDE'] === 'on') writeFileSync(path, written);
  else expect(guide).toBe(written);
});
