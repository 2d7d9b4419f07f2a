import { afterAll, beforeAll } from '@jest/globals';
import { pino } from 'pino';
import type { Clock, Pace, Passwords, Presence } from '../../src/application/ports.js';
import { startServer, type Server } from '../../src/server.js';
import { readSettings } from '../../src/settings.js';
import { freshStorage } from '../support/fresh-storage.js';
import { Visitor } from './visitor.js';

/** Not a hash at all, for tests that are not about passwords. */
export const plainPasswords: Passwords = {
  hash: async (password) => `plain ${password}`,
  verify: async (password, hash) => hash === `plain ${password}`,
};

interface Parts {
  readonly clock?: Clock;
  readonly pace?: Pick<Pace, 'now'>;
  readonly passwords?: Passwords;
  readonly presence?: Presence;
  readonly clientFolder?: string;
  readonly keepAliveMs?: number;
}

/** A real server on a free port, on the engine that TEST_STORAGE names (memory unless it is set), or what its environment says. */
export class Parlour {
  private server!: Server;
  private storage: Awaited<ReturnType<typeof freshStorage>> | null = null;

  constructor(
    private readonly environment: Record<string, string>,
    private readonly parts: Parts,
  ) {}

  get address(): string {
    return this.server.address;
  }

  async open(): Promise<void> {
    if (this.environment['STORAGE'] === undefined) this.storage = await freshStorage('memory');
    const settings = readSettings({
      PORT: '0',
      STORAGE: this.storage?.address,
      STORAGE_ENGINE: this.storage?.engineModule,
      RATE_LIMITS: 'off',
      ...this.environment,
    });
    const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
    this.server = await startServer(settings, {
      log,
      clientFolder: null,
      passwords: plainPasswords,
      ...this.parts,
    });
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.storage?.end();
  }

  visitor(): Visitor {
    return new Visitor(this.address);
  }

  /** Somebody logged in as a guest. */
  async guest(username: string): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.post('/api/session', { username }).then(({ status }) => {
      if (status !== 200) throw new Error(`${username} cannot log in`);
    });
    return visitor;
  }
}

/** The server of a test file. */
export const useParlour = (environment: Record<string, string> = {}, parts: Parts = {}): Parlour => {
  const parlour = new Parlour(environment, parts);
  beforeAll(() => parlour.open());
  afterAll(() => parlour.close());
  return parlour;
};
