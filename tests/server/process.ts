import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/server/main.js');

/** Test files that run side by side must not compile into one folder at once. */
const inTurn = (work: () => void): void => {
  const lock = join(
    tmpdir(),
    `parlour-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`,
  );
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > 120_000) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

/* What is tested here is what was compiled: not what it was some time ago. */
inTurn(() => {
  const build = join(ROOT, 'scripts/build.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [build, '--only-stale'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the server was not built: ${stdout}${stderr}`);
});

const launch = (environment: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', RATE_LIMITS: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (said.err += String(chunk)));
  return { child, said };
};

/** The compiled server in a process of its own, which tests may stop, kill and start again. */
export class ServerProcess {
  private constructor(
    readonly child: ChildProcess,
    /** All that it has written so far. */
    readonly said: { readonly out: string; readonly err: string },
  ) {}

  /** Resolves once it listens. */
  static async start(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const { child, said } = launch(environment);
    const ended = once(child, 'close').then(([code]) =>
      Promise.reject(new Error(`the server ended with ${String(code)}: ${said.err}`)),
    );
    ended.catch(() => undefined);
    while (!said.out.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended]);
    return new ServerProcess(child, said);
  }

  get address(): string {
    return this.said.out.split('\n')[0]!;
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** @returns the exit code, or null after a signal that cannot be caught */
  async signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(name);
    const [code] = await ended;
    return code;
  }
}

/** Runs the compiled server to its end, which is soon where a setting is refused. */
export const runToEnd = async (environment: Readonly<Record<string, string>>) => {
  const { child, said } = launch(environment);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
};

/** The path of a module with this in it, for STORAGE_ENGINE. */
export const engineModule = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'parlour-engine-')), 'engine.mjs');
  writeFileSync(path, text);
  return path;
};

/** A data file that there is not yet. */
export const newStorage = (): string =>
  `sqlite:${join(mkdtempSync(join(tmpdir(), 'parlour-server-')), 'parlour.db')}`;
