import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Ways to make markup or script out of text, planted in the client, and what each is refused for. */
const PLANTED = {
  'el.innerHTML = text;': 'Text is only ever set as text',
  "el['innerHTML'] = text;": 'Text is only ever set as text',
  'el.innerHTML += text;': 'Text is only ever set as text',
  'el.outerHTML = text;': 'Text is only ever set as text',
  "el.insertAdjacentHTML('beforeend', text);": 'Text is only ever set as text',
  'frame.srcdoc = text;': 'Text is only ever set as text',
  'new Range().createContextualFragment(text);': 'Text is only ever set as text',
  "new DOMParser().parseFromString(text, 'text/html');": 'Text is only ever set as text',
  'el.setHTMLUnsafe(text);': 'Text is only ever set as text',
  'Document.parseHTMLUnsafe(text);': 'Text is only ever set as text',
  'document.write(text);': 'No document.write',
  'eval(text);': 'can be harmful',
  "setTimeout('alert(1)', 0);": 'Implied eval. Consider passing a function',
  'new Function(text);': 'Do not use the Function constructor',
};
const HARMLESS = 'el.textContent = text;';

const folder = mkdtempSync(join(tmpdir(), 'parlour-lint-'));
const fileOf = (statement: string): string => {
  const at = [...Object.keys(PLANTED), HARMLESS].indexOf(statement);
  return join(folder, `client/src/views/planted-${at}.ts`);
};
/** What ESLint, set up as here, says of each planted file. */
let said: Map<string, string[]>;

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'client/src/views'), { recursive: true });
  for (const file of ['eslint.config.mjs', 'package.json', 'tsconfig.json', 'client/tsconfig.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  for (const statement of [...Object.keys(PLANTED), HARMLESS]) {
    const given = 'el: HTMLElement, frame: HTMLIFrameElement, text: string';
    writeFileSync(fileOf(statement), `export const planted = (${given}): void => { ${statement} };\n`);
  }
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', 'client/src/views'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const files = JSON.parse(stdout) as { filePath: string; messages: { message: string }[] }[];
  said = new Map(files.map(({ filePath, messages }) => [filePath, messages.map(({ message }) => message)]));
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(Object.entries(PLANTED))('the client may not say “%s”', (statement, reason) => {
  const messages = said.get(fileOf(statement)) ?? [];
  expect(messages.filter((message) => message.includes(reason))).not.toEqual([]);
});

test('setting text as text is no fault', () => {
  // The unused arguments are the planting's own.
  const messages = (said.get(fileOf(HARMLESS)) ?? ['not looked at']).filter(
    (one) => !one.includes('never used'),
  );
  expect(messages).toEqual([]);
});
