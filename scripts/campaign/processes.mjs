import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
const KEEPER = join(root, 'tests/support/server-keeper.mjs');
const STARTED_WITHIN_MS = 30_000;

/** @returns `work`'s result, unless that takes longer */
export const within = async (milliseconds, what, work) => {
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Error(`${what} was not over within ${milliseconds} ms`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A Parlour process and its keeper, in a process group that is stopped, killed and ended as one. The keeper ends it where
 * this process ends first.
 */
export class ParlourProcess {
  constructor(child) {
    this.child = child;
    this.ended = once(child, 'exit');
    this.address = null;
  }

  /** @returns it, to be ended even if it never listens */
  static spawn(storage) {
    const settings = {
      PORT: '0',
      STORAGE: storage,
      LOG_LEVEL: 'fatal',
      RATE_LIMITS: 'off',
      ROOM_HISTORY: '100000',
      ROOM_CAPACITY: '200',
    };
    const command = [KEEPER, process.execPath, '', '', join(root, 'dist/server/main.js')];
    const child = spawn(process.execPath, command, {
      detached: true,
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => undefined);
    return new ParlourProcess(child);
  }

  async listens() {
    const died = this.ended.then(([code]) => {
      throw new Error(`a Parlour process ended with ${code} before it listened`);
    });
    const line = once(createInterface(this.child.stdout), 'line');
    const [address] = await within(STARTED_WITHIN_MS, 'the start of Parlour', Promise.race([line, died]));
    this.address = address.trim();
    died.catch(() => undefined);
  }

  signal(name) {
    process.kill(-this.child.pid, name);
  }

  /** Whatever state it is in. */
  async end() {
    try {
      this.signal('SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await this.ended;
  }
}
