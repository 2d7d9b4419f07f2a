import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What cannot be put into a file with others: it has machine code, or parts that it may do without. */
const APART = ['@node-rs/argon2', '@photostructure/sqlite', 'pg'];

/** Libraries that are written for `require`, within modules that have none. */
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);";

/**
 * Puts what `main.js` imports into one file with it, what is loaded only when it is needed apart: looking up and reading a
 * thousand small files took longer than all else at a start. The other modules stay as they are compiled, for whoever
 * imports them one by one.
 * @returns the files, which are not written yet
 */
export const bundleServer = async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/main.ts')],
    outdir: join(root, 'dist/server'),
    write: false,
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
  return outputFiles;
};
