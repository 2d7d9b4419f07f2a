import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The PostgreSQL server of the tests, which can be killed and run again. */
export const startPostgres = async () => {
  const folder = mkdtempSync(join(root, 'node_modules/.parlour-campaign-'));
  try {
    const source = join(root, 'tests/support/postgres-server.ts');
    const outfile = join(folder, 'postgres-server.mjs');
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
    });
    const { PostgresServer } = await import(outfile);
    return await PostgresServer.start();
  } finally {
    rmSync(folder, { recursive: true });
  }
};
