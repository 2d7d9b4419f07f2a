import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

test('B22 the client is made of its own files and the pure rules, and of no library', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['client/src/main.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    metafile: true,
    outdir: 'nowhere',
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('src/domain/username.ts');
  expect(inputs.filter((path) => !/^(client\/src|src\/domain)\//.test(path))).toEqual([]);
});

/** Every word in those files; more than their names of properties, never less. */
const wordsIn = (...paths: string[]): Set<string> =>
  new Set(paths.flatMap((path) => readFileSync(join(root, path), 'utf8').match(/[A-Za-z]\w*/g) ?? []));

test('No name that the build shortens belongs to the browser, the language, the server or what is kept across a reload', async () => {
  const { INNER_NAMES } = (await import(join(root, 'scripts/client-names.mjs'))) as { INNER_NAMES: string[] };
  expect(INNER_NAMES.length).toBeGreaterThan(0);
  const library = 'node_modules/typescript/lib';
  const declared = wordsIn(
    ...readdirSync(join(root, library))
      .filter((name) => /^lib\.(?:dom|es\d+).*\.d\.ts$/.test(name))
      .map((name) => join(library, name)),
  );
  const server = readdirSync(join(root, 'src/adapters/http')).map((name) => `src/adapters/http/${name}`);
  const wire = wordsIn(
    'client/src/core/wire.ts',
    ...server.filter((path) => /(?:schemas|json)\.ts$/.test(path)),
  );
  const outbox = readFileSync(join(root, 'client/src/core/outbox.ts'), 'utf8');
  const stored = new Set(/interface Pending \{.*?\n\}/s.exec(outbox)![0].match(/\w+/g));
  expect(stored).toContain('writtenAt');
  expect(INNER_NAMES.filter((name) => declared.has(name))).toEqual([]);
  expect(INNER_NAMES.filter((name) => wire.has(name))).toEqual([]);
  expect(INNER_NAMES.filter((name) => stored.has(name))).toEqual([]);
});
