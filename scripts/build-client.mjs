import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');

/**
 * Bundles the pages. The names of the assets bear their content's hash, so that browsers may keep them for ever.
 * @param {string} folder where to
 * @returns {Promise<{script: string, styles: string}>} the addresses of the assets
 */
export const buildClient = async (folder = join(root, 'dist', 'client')) => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: { app: join(client, 'src/main.ts'), styles: join(client, 'styles.css') },
    absWorkingDir: root,
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    // Room names are checked with a regular expression that has the `v` flag: Chrome 112.
    target: ['es2024', 'chrome112'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const address = (/** @type {string} */ ending) => {
    const path = Object.keys(metafile.outputs).find((output) => output.endsWith(ending));
    if (path === undefined) throw new Error(`The bundle has no ${ending}`);
    return `/assets/${basename(path)}`;
  };
  const assets = { script: address('.js'), styles: address('.css') };
  const page = await readFile(join(client, 'index.html'), 'utf8');
  await cp(join(client, 'public'), folder, { recursive: true });
  await writeFile(
    join(folder, 'index.html'),
    page.replace('%SCRIPT%', assets.script).replace('%STYLES%', assets.styles),
  );
  return assets;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
