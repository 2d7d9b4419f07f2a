import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);

/** When the newest file under these was changed, in milliseconds since 1970; 0 where there is none. */
const newest = (...paths) =>
  paths.reduce((latest, path) => {
    if (!existsSync(path)) return latest;
    const found = statSync(path);
    if (!found.isDirectory()) return Math.max(latest, found.mtimeMs);
    return Math.max(latest, newest(...readdirSync(path).map((name) => join(path, name))));
  }, 0);

/** Checks the server's types and compiles it to dist/server, module by module. */
const compileServer = async () => {
  const tsc = at('node_modules/typescript/bin/tsc');
  const compiler = spawn(process.execPath, [tsc, '-p', at('tsconfig.build.json')], {
    stdio: 'inherit',
  });
  const [status] = await once(compiler, 'exit');
  if (status !== 0) throw new Error('the server does not compile');
};

/** The bundle is made from the sources, while the compiler is at work; it takes the place of what was compiled of its entry. */
const buildServer = async () => {
  rmSync(at('dist/server'), { recursive: true, force: true });
  const [files] = await Promise.all([
    import('./bundle-server.mjs').then(({ bundleServer }) => bundleServer()),
    compileServer(),
  ]);
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
};

const buildClient = async () => {
  const client = await import('./build-client.mjs');
  await client.buildClient();
};

/** What each is made of, beside the packages: the scripts that make it too. */
const SOURCES = {
  'dist/server/main.js': [
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.mjs',
    'scripts/bundle-server.mjs',
  ],
  'dist/client/index.html': [
    'client',
    'src/domain',
    'package.json',
    'tsconfig.json',
    'scripts/build.mjs',
    'scripts/build-client.mjs',
    'scripts/client-names.mjs',
  ],
};
const [SERVER, CLIENT] = Object.keys(SOURCES);

/** Which packages were there when all was last built. */
const NOTED = at('dist/packages.sha256');

/**
 * Which packages are installed that the product is made with: they are built into it. By what npm notes, not by when, for every
 * `npm install` notes it anew; without those for development, which may be taken away again once it is built.
 */
const installed = () => {
  const note = ['node_modules/.package-lock.json', 'package-lock.json'].map(at).find(existsSync);
  const { packages = {} } = note === undefined ? {} : JSON.parse(readFileSync(note, 'utf8'));
  const built = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const names = built.map(([path, { version, integrity }]) => `${path} ${version} ${integrity}\n`);
  return createHash('sha256').update(names.join('')).digest('hex');
};

/** What has to be built: all of it where other packages are installed, else what is older than its sources. */
export const stale = (packages = installed()) => {
  const noted = existsSync(NOTED) ? readFileSync(NOTED, 'utf8') : null;
  if (noted !== packages) return Object.keys(SOURCES);
  return Object.keys(SOURCES).filter(
    (built) => newest(at(built)) < newest(...SOURCES[built].map((path) => at(path))),
  );
};

/** Compiles what there is; with `onlyStale`, only what has to be. */
export const build = async ({ onlyStale = false } = {}) => {
  const packages = installed();
  const wanted = onlyStale ? stale(packages) : Object.keys(SOURCES);
  if (wanted.length === 0) return;
  await Promise.all([wanted.includes(SERVER) && buildServer(), wanted.includes(CLIENT) && buildClient()]);
  writeFileSync(NOTED, packages);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ onlyStale: process.argv.includes('--only-stale') });
}
