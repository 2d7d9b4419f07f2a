import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from '@swc/core';
import { build } from 'esbuild';
import { INNER_NAMES } from './client-names.mjs';

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');

const bundle = async (/** @type {string} */ entry) => {
  const { outputFiles } = await build({
    entryPoints: [join(client, entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    // Room names are checked with a regular expression that has the `v` flag: Chrome 112.
    target: ['es2024', 'chrome112'],
    mangleProps: new RegExp(`^(?:${INNER_NAMES.join('|')})$`),
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
};

/** What makes the script shorter and its gzip longer is left off. */
const compress = { passes: 3, inline: 0, reduce_funcs: false, if_return: false };

/** A second minifier finds half a kilobyte that the first leaves. */
const squeeze = async (/** @type {string} */ script) =>
  (await minify(script, { module: true, ecma: 2020, compress, mangle: true })).code;

/**
 * Bundles the pages. The names of the assets bear their content's hash, so that browsers may keep them for ever.
 * @param {string} folder where to
 * @returns {Promise<{script: string, styles: string}>} the addresses of the assets
 */
export const buildClient = async (folder = join(root, 'dist', 'client')) => {
  const [script, styles] = await Promise.all([bundle('src/main.ts').then(squeeze), bundle('styles.css')]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'assets'), { recursive: true });
  await cp(join(client, 'public'), folder, { recursive: true });

  const keep = async (
    /** @type {string} */ name,
    /** @type {string} */ ending,
    /** @type {string} */ text,
  ) => {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const address = `/assets/${name}-${hash}.${ending}`;
    await writeFile(join(folder, address), text);
    return address;
  };
  const assets = { script: await keep('app', 'js', script), styles: await keep('styles', 'css', styles) };
  const page = await readFile(join(client, 'index.html'), 'utf8');
  await writeFile(
    join(folder, 'index.html'),
    page.replace('%SCRIPT%', assets.script).replace('%STYLES%', assets.styles),
  );
  return assets;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
