import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** When the newest file under these was changed, in milliseconds since 1970; 0 where there is none. */
const newest = (...paths) =>
  paths.reduce((latest, path) => {
    if (!existsSync(path)) return latest;
    const { mtimeMs, isDirectory } = {
      mtimeMs: statSync(path).mtimeMs,
      isDirectory: statSync(path).isDirectory(),
    };
    if (!isDirectory) return Math.max(latest, mtimeMs);
    return Math.max(latest, newest(...readdirSync(path).map((name) => join(path, name))));
  }, 0);

/** Checks the server's types and compiles it to dist/server, module by module. */
const compileServer = async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compiler = spawn(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  const [status] = await once(compiler, 'exit');
  if (status !== 0) throw new Error('the server does not compile');
};

/** The bundle is made from the sources, while the compiler is at work; it takes the place of what was compiled of its entry. */
const buildServer = async () => {
  rmSync(join(root, 'dist/server'), { recursive: true, force: true });
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

/** Compiles what there is; with `onlyStale`, only what is older than its sources. */
export const build = async ({ onlyStale = false } = {}) => {
  const at = (...path) => join(root, ...path);
  const isStale = (built, ...sources) =>
    !onlyStale || newest(at(built)) < newest(...sources.map((path) => at(path)));
  const building = [];
  if (
    isStale(
      'dist/server/main.js',
      'src',
      'package.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts/bundle-server.mjs',
    )
  )
    building.push(buildServer());
  if (
    isStale(
      'dist/client/index.html',
      'client',
      'src/domain',
      'scripts/build-client.mjs',
      'scripts/client-names.mjs',
    )
  )
    building.push(buildClient());
  await Promise.all(building);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ onlyStale: process.argv.includes('--only-stale') });
}
