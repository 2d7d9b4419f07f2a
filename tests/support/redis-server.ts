import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const KEEPER = fileURLToPath(new URL('./server-keeper.mjs', import.meta.url));

const FLAGS = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

/** Why there is no Redis on this machine, or null where there is. */
export const whyNoRedis = async (): Promise<string | null> =>
  run('redis-server', ['--version']).then(
    () => null,
    () =>
      'redis-server was not found; install it, or say by REDIS_URL where a server is that tests may write to',
  );

/** Linux keeps this in memory, where waiting for the disk costs nothing; what outlives a process does so here too. */
const baseFolder = (): string => {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
};

/** A real Redis server on this machine, which ends when its process does. */
export class RedisServer {
  private keeper: ChildProcess | null = null;
  private pid = 0;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @param flags over those with which it may be used */
  static async start(flags: readonly string[] = []): Promise<RedisServer> {
    const folder = await mkdtemp(join(baseFolder(), 'parlour-redis-'));
    const server = new RedisServer(folder, await freePort());
    await server.run(flags);
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Runs it, for the first time or again after it was killed. */
  async run(flags: readonly string[] = []): Promise<void> {
    const own = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.folder, '--daemonize', 'no'];
    const keeper = spawn(process.execPath, [KEEPER, 'redis-server', '', '', ...own, ...FLAGS, ...flags], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.keeper = keeper;
    const said: string[] = [];
    for await (const line of createInterface(keeper.stdout!)) {
      said.push(line);
      const pid = /pid=(\d+)/.exec(line);
      if (pid !== null) this.pid = Number(pid[1]);
      if (!line.includes('Ready to accept connections')) continue;
      keeper.stdout!.resume();
      keeper.unref();
      for (const end of [keeper.stdout, keeper.stdin]) (end as unknown as { unref(): void }).unref();
      return;
    }
    throw new Error(`Redis did not start:\n${said.join('\n')}`);
  }

  /** As a power cut does: it gets no chance to tidy up. */
  async kill(): Promise<void> {
    const ended = once(this.keeper!, 'exit');
    process.kill(this.pid, 'SIGKILL');
    await ended;
  }

  /** As a network does that loses every packet. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Sets what its configuration file would. */
  async set(name: string, value: string): Promise<void> {
    await run('redis-cli', ['-p', `${this.port}`, 'CONFIG', 'SET', name, value]);
  }

  async stop(): Promise<void> {
    if (this.keeper !== null && this.keeper.exitCode === null) {
      this.thaw();
      const ended = once(this.keeper, 'exit');
      this.keeper.stdin!.end();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
