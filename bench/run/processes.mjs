import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LOAD_CORE, pinned, SERVER_CORE, undisturbed } from './cores.mjs';

export const root = join(import.meta.dirname, '../..');
const MEMORY_TELLER = join(import.meta.dirname, 'memory-teller.mjs');
const PATIENCE_MS = 20_000;
/** What Node is told when Parlour is started; the yardsticks are given the same. */
const { serve: START } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
const NODE_OPTIONS = START.split(' ').filter((word) => word.startsWith('--'));

const running = new Set();
/* However the bench ends, what it started ends with it: by a signal, too. */
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

const started = (child, name) =>
  new Promise((resolve, reject) => {
    running.add(child);
    child.once('exit', (code) => {
      running.delete(child);
      reject(new Error(`${name} ended with ${code} before it listened`));
    });
    child.once('error', reject);
    setTimeout(
      () => reject(new Error(`${name} did not listen within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    ).unref();
    createInterface(child.stdout).once('line', resolve);
  });

const stop = async (child) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
};

/** Starts a program that prints its address once it listens, on the servers' core. */
export const serveCommand = async (command, environment = {}) => {
  const [program, ...given] = pinned(SERVER_CORE, command);
  const env = { ...process.env, ...environment };
  const child = spawn(program, given, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const address = (await started(child, command.at(-1))).trim();
  return { address, pid: child.pid, stop: () => stop(child) };
};

/**
 * The same for a program of Node's, which can be asked for its memory once all garbage is gone.
 * @param first whether it has the core before whatever else the system does there
 */
export const serve = async (file, environment = {}, { first = false } = {}) => {
  const profiling = process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROFILE}`] : [];
  const command = [
    process.execPath,
    ...NODE_OPTIONS,
    '--expose-gc',
    '--import',
    MEMORY_TELLER,
    ...profiling,
    join(root, file),
  ];
  const [program, ...given] = (first ? undisturbed : pinned)(SERVER_CORE, command);
  const child = spawn(program, given, {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const address = (await started(child, file)).trim();
  return {
    address,
    pid: child.pid,
    /** Bytes: `{ heapUsed, rss, external, arrayBuffers }`. */
    async memory() {
      child.send('memory');
      return (await once(child, 'message'))[0];
    },
    stop: () => stop(child),
  };
};

/** A load generator in a process of its own, on the other core. */
export const startLoad = () => {
  const [execPath, ...execArgv] = pinned(LOAD_CORE, [process.execPath]);
  const child = fork(join(root, 'bench/load/worker.mjs'), { execPath, execArgv });
  running.add(child);
  const ended = once(child, 'exit').then(([code]) => code);
  return {
    /**
     * @param task a name that `bench/load/worker.mjs` knows
     * @param heed told what the load says meanwhile
     */
    run: (task, options, heed = () => {}) =>
      new Promise((resolve, reject) => {
        const hear = ({ result, error, news }) => {
          if (news !== undefined) return heed(news);
          child.off('message', hear);
          if (error === undefined) resolve(result);
          else reject(new Error(error));
        };
        child.on('message', hear);
        ended.then((code) => reject(new Error(`${task}: the load ended with ${code}`)));
        child.send({ task, options });
      }),
    stop: () => stop(child),
  };
};
