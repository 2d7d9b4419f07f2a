import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../dist/server/main.js');

/** The compiled server in a process of its own, which tests may stop, kill and start again. */
export class ServerProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly address: string,
  ) {}

  static async start(environment: Record<string, string>): Promise<ServerProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', RATE_LIMITS: 'off', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the server ended with ${String(code)}`)),
    );
    const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
    ended.catch(() => undefined);
    return new ServerProcess(child, String(line).trim());
  }

  /** @returns the exit code, or null after a signal that cannot be caught */
  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(name);
    const [code] = await ended;
    return code;
  }
}

/** Runs the compiled server to its end, which is soon where a setting is refused. */
export const runToEnd = async (environment: Record<string, string>) => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (said.err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
};
