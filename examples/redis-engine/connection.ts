import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import type { Materials } from '../../src/adapters/storage/materials.js';
import { requireFit } from './fitness.js';

/** How long the server is waited for: to be connected to, and to answer, in milliseconds. */
const PATIENCE_MS = 3000;
const RECONNECT_MS = 200;

/** What Redis answers to the commands that are used here. */
export type Reply = string | number | null | readonly Reply[];

export interface Address {
  readonly url: string;
  /** Before every key, so that several Parlours fit on one Redis. */
  readonly prefix: string;
  /** Host and port, fit to be shown: without name and password. */
  readonly shown: string;
}

/** @throws {StorageRefused} for an address that cannot be used */
export const readAddress = (text: string, { StorageRefused }: Materials): Address => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    throw new StorageRefused(
      'write it as redis://user:password@host:6379/0, and ?prefix=… behind if you like',
    );
  }
  for (const name of url.searchParams.keys()) {
    if (name !== 'prefix') throw new StorageRefused(`“${name}” is no parameter of it; there is prefix`);
  }
  const prefix = url.searchParams.get('prefix') ?? 'parlour';
  if (!/^[\w.-]{1,64}$/.test(prefix)) {
    throw new StorageRefused('its prefix must be 1 to 64 letters, digits, dots, hyphens or underscores');
  }
  url.search = '';
  return { url: url.href, prefix, shown: url.host };
};

/** One connection, which all that is asked shares, and which comes back by itself when it is lost. */
export class Connection {
  /** Whether the server that answers now may be trusted: asked again whenever there is a new connection. */
  private fit: Promise<void> = Promise.resolve();
  private readonly client;
  private readonly shas = new Map<string, string>();

  private constructor(
    address: Address,
    private readonly given: Materials,
  ) {
    let isOpened = false;
    this.client = createClient({
      url: address.url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: PATIENCE_MS,
        // The first connection is there or is not: whoever starts a server is told why.
        reconnectStrategy: (_, cause) => (isOpened ? RECONNECT_MS : cause),
      },
    });
    this.client.on('error', () => undefined);
    this.client.on('ready', () => {
      isOpened = true;
      this.fit = requireFit((...words) => this.send(words), given);
      this.fit.catch(() => undefined);
    });
  }

  /** @throws {StorageRefused} where there is no such server, or it might lose what it acknowledged */
  static async to(address: Address, given: Materials): Promise<Connection> {
    const connection = new Connection(address, given);
    try {
      await connection.client.connect();
      await connection.fit;
      return connection;
    } catch (error) {
      connection.client.destroy();
      if (error instanceof given.StorageRefused) throw error;
      throw new given.StorageRefused(`Redis at ${address.shown}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** @throws {StorageUnavailable} whatever goes wrong: what was asked may have been done or not */
  async ask(...words: string[]): Promise<Reply> {
    try {
      await this.fit;
      return await this.send(words);
    } catch (error) {
      throw new this.given.StorageUnavailable(`Redis: ${reasonOf(error)}`, { cause: error });
    }
  }

  /**
   * Runs a script, which is sent in full only to a server that does not know it yet.
   * @throws {StorageUnavailable}
   */
  async run(script: string, keys: readonly string[], values: readonly string[]): Promise<Reply> {
    const sha = this.shas.get(script) ?? createHash('sha1').update(script).digest('hex');
    this.shas.set(script, sha);
    const rest = [String(keys.length), ...keys, ...values];
    try {
      return await this.ask('EVALSHA', sha, ...rest);
    } catch (error) {
      if (!/^NOSCRIPT/.test(reasonOf((error as Error).cause))) throw error;
      return this.ask('EVAL', script, ...rest);
    }
  }

  async close(): Promise<void> {
    // What was asked was answered before; a server that does not answer is not waited for.
    if (this.client.isOpen) this.client.destroy();
  }

  private async send(words: readonly string[]): Promise<Reply> {
    const waiting = new AbortController();
    const late = pause(PATIENCE_MS, undefined, { signal: waiting.signal }).then(() => {
      throw new Error('it does not answer');
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([this.client.sendCommand<Reply>([...words]), late]);
    } finally {
      waiting.abort();
    }
  }
}

/** Where a name has several addresses, the reasons are a level deeper. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};
