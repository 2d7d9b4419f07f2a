import { fork, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const canPin = spawnSync('taskset', ['-V']).status === 0;
const TICKS_PER_SECOND = 100;

/** Servers have one core to themselves, the load the other. */
const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Starts a program that prints its address once it listens. */
export const serve = (file, environment = {}) =>
  new Promise((resolve, reject) => {
    const command = [
      process.execPath,
      ...(process.env.PROFILE ? ['--cpu-prof', '--cpu-prof-dir=' + process.env.PROFILE] : []),
      join(root, file),
    ];
    const [program, ...rest] = canPin ? ['taskset', '-c', SERVER_CORE, ...command] : command;
    const child = spawn(program, rest, {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    child.stdout.once('data', (line) => {
      const stop = () => new Promise((ended) => child.once('exit', ended) && child.kill());
      resolve({ address: String(line).trim(), pid: child.pid, stop });
    });
  });

/** Processor time that a process has used so far, in microseconds (Linux). */
export const cpuMicros = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND;
};

/** A load generator in a process of its own. */
export const loader = () => {
  const child = fork(join(root, 'bench/load.mjs'));
  if (canPin) spawnSync('taskset', ['-cp', LOAD_CORE, String(child.pid)]);
  return {
    run: (address, options) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send({ address, options });
      }),
    stop: () => child.kill(),
  };
};
