import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { engineFor } from '../../src/adapters/storage/engines.js';
import type { Archive, Records } from '../../src/application/archive.js';
import { outside } from '../contract/enrolled.js';
import { everything, putAll, type Everything } from '../contract/archived.js';

const CLI = join(import.meta.dirname, '../../bin/parlour.mjs');

/** Begins `npx parlour …`. */
export const startParlour = (
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  heard: (said: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): {
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; out: string; err: string }>;
} => {
  const child = spawn(process.execPath, [CLI, ...given], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
    heard(err, kill);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { kill, ended };
};

/** Runs `npx parlour …`; `heard` may end it early when it has said something on standard error. */
export const parlour = (...how: Parameters<typeof startParlour>) => startParlour(...how).ended;

/** Opens a storage that no server has open, for as long as the work takes. */
const using = async <T>(address: string, work: (archive: Archive) => Promise<T>): Promise<T> => {
  const engine = await engineFor(address, outside[address.slice(0, address.indexOf(':'))]);
  const storage = await engine.open(address);
  try {
    return await work(storage.archive);
  } finally {
    await storage.close();
  }
};

export const addTo = (address: string, all: Everything): Promise<void> =>
  using(address, (archive) => archive.write((to) => putAll(to, all)));

export const noteIn = (address: string): Promise<string | null> =>
  using(address, (archive) => archive.read((from) => from.note()));

export const everythingAt = (address: string): Promise<Everything> =>
  using(address, (archive) => everything(archive, 1000));

/** The entries that a backup holds, as polls show them. */
export const entriesIn = async (path: string): Promise<{ seq: number; text: string }[]> => {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n');
  return lines
    .filter((line) => line.startsWith('{"entry":'))
    .map((line) => (JSON.parse(line) as { entry: Records['entry'] }).entry)
    .map(({ seq, kind, author, guest, text, at, clientMessageId }) => {
      return { seq, kind, author, guest, text, at: new Date(at).toISOString(), clientMessageId };
    });
};
