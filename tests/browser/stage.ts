import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { pino } from 'pino';
import { engineFor } from '../../src/adapters/storage/engines.js';
import { startServer, type Server } from '../../src/server.js';
import { readSettings } from '../../src/settings.js';
import { freshStorage } from '../support/fresh-storage.js';
import { ask } from './ask.js';
import { Person } from './person.js';

const CLIENT = join(import.meta.dirname, '../../dist/client');
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real server with the real pages, and a real browser. Each test file has its own. */
export class Stage {
  private browser!: Browser;
  private server!: Server;
  private port = 0;
  private storage!: Awaited<ReturnType<typeof freshStorage>>;

  constructor(private readonly environment: Record<string, string>) {}

  get address(): string {
    return this.server.address;
  }

  async open(): Promise<void> {
    const executablePath = process.env['CHROME_PATH'] || '/usr/bin/chromium';
    this.browser = await chromium.launch({ executablePath, args: QUIET });
    this.storage = await freshStorage('sqlite');
    await this.startServer();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    await this.storage.end();
  }

  /** Sends everybody home: pages that poll on would only slow down the next test. */
  async clear(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  /** On the same port and the same data, as after a restart of the machine. */
  async startServer(): Promise<void> {
    const settings = readSettings({
      STORAGE: this.storage.address,
      STORAGE_ENGINE: this.storage.engineModule,
      PORT: String(this.port),
      RATE_LIMITS: 'off',
      ...this.environment,
    });
    this.server = await startServer(settings, { log: pino({ level: 'silent' }), clientFolder: CLIENT });
    this.port = Number(new URL(this.server.address).port);
  }

  /** Whether what was stored is there after a restart, on the engine that this runs on. */
  async isDurable(): Promise<boolean> {
    const { address, engineModule } = this.storage;
    return (await engineFor(address, engineModule || null)).capabilities.durable;
  }

  stopServer(): Promise<void> {
    return this.server.close();
  }

  /** Somebody with a browser of their own, on the first page. */
  async newcomer(options: BrowserContextOptions = {}): Promise<Person> {
    return Person.arriving(await this.newContext(options));
  }

  /** A guest before the list of rooms, logged in without a form: for tests that begin there. */
  async guest(name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await this.newContext(options);
    await ask(context, 'POST', '/api/session', { username: name });
    const person = await Person.arriving(context);
    await person.heading('Rooms').first().waitFor();
    return person;
  }

  /** A guest who is in a room, which is opened if there is none of that name: for tests that begin there. */
  async inside(room: string, name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await this.newContext(options);
    await ask(context, 'POST', '/api/session', { username: name });
    const { rooms } = await ask<{ rooms: { id: string; name: string }[] }>(context, 'GET', '/api/rooms');
    const found = rooms.find((one) => one.name === room);
    const { id } =
      found ?? (await ask<{ room: { id: string } }>(context, 'POST', '/api/rooms', { name: room })).room;
    await ask(context, 'PUT', '/api/session/room', { roomId: id });
    const person = await Person.arriving(context);
    await person.composer.waitFor();
    return person;
  }

  private async newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.browser.newContext({ baseURL: this.address, locale: 'en-GB', ...options });
    context.setDefaultTimeout(10_000);
    return context;
  }
}

/** The stage of a test file: set up before its tests, and cleared after. */
export const useStage = (environment: Record<string, string> = {}): Stage => {
  const stage = new Stage(environment);
  beforeAll(() => stage.open());
  afterEach(() => stage.clear());
  afterAll(() => stage.close());
  return stage;
};
