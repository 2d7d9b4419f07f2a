import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist/server');

/** What cannot be put into a file with others: it has machine code, or parts that it may do without. */
const APART = ['@node-rs/argon2', '@photostructure/sqlite', 'pg'];

/** Libraries that are written for `require`, within modules that have none. */
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);";

/**
 * Puts what `main.js` imports into one file with it, what is loaded only when it is needed apart: looking up and reading a
 * thousand small files took longer than all else at a start. The other modules stay as they were compiled, for whoever
 * imports them one by one.
 */
export const bundleServer = () =>
  build({
    entryPoints: [join(folder, 'main.js')],
    outdir: folder,
    allowOverwrite: true,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: APART,
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
