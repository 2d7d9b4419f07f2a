import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
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
