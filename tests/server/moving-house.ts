import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { engineFor } from '../../src/adapters/storage/engines.js';
import { putAll, type Everything } from '../contract/archived.js';

const CLI = join(import.meta.dirname, '../../bin/parlour.mjs');

/** Runs `npx parlour …`; `heard` may end it early when it has said something on standard error. */
export const parlour = async (
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  heard: (said: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawn(process.execPath, [CLI, ...given], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
    heard(err, (signal) => child.kill(signal));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
};

/** Adds records to a storage that no server has open. */
export const addTo = async (address: string, all: Everything): Promise<void> => {
  const storage = await (await engineFor(address)).open(address);
  await storage.archive.write((to) => putAll(to, all));
  await storage.close();
};

export const noteIn = async (address: string): Promise<string | null> => {
  const storage = await (await engineFor(address)).open(address);
  const note = await storage.archive.read((from) => from.note());
  await storage.close();
  return note;
};
