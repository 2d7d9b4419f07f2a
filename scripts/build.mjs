import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

/** Compiles the server to dist/server. */
const buildServer = async () => {
  rmSync(join(root, 'dist/server'), { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the server does not compile');
  const { bundleServer } = await import('./bundle-server.mjs');
  await bundleServer();
};

/** Compiles what there is; with `onlyStale`, only what is older than its sources. */
export const build = async ({ onlyStale = false } = {}) => {
  const at = (...path) => join(root, ...path);
  const isStale = (built, ...sources) =>
    !onlyStale || newest(at(built)) < newest(...sources.map((path) => at(path)));
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
    await buildServer();
  if (
    isStale(
      'dist/client/index.html',
      'client',
      'src/domain',
      'scripts/build-client.mjs',
      'scripts/client-names.mjs',
    )
  ) {
    const { buildClient } = await import('./build-client.mjs');
    await buildClient();
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ onlyStale: process.argv.includes('--only-stale') });
}
