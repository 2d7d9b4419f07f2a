import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import type { Materials } from '../../src/adapters/storage/materials.js';
import { requireFit } from './fitness.js';

const PATIENCE_MS = 3000;
const RECONNECT_MS = 200;
/** When a server that is not fit is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

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
  private isOpened = false;
  private isClosed = false;

  private constructor(
    address: Address,
    private readonly given: Materials,
    private readonly patienceMs: number,
  ) {
    this.client = createClient({
      url: address.url,
      disableOfflineQueue: true,
      // Silence is noticed also when nobody asks anything, and while a connection is being made.
      pingInterval: patienceMs / 3,
      socket: {
        connectTimeout: patienceMs,
        socketTimeout: patienceMs,
        // The first connection is there or is not: whoever starts a server is told why.
        reconnectStrategy: () => this.isOpened && !this.isClosed && RECONNECT_MS,
      },
    });
    this.client.on('error', () => undefined);
    this.client.on('ready', () => {
      if (this.isClosed) this.client.destroy();
      else this.lookWhetherFit();
    });
  }

  /**
   * @param patienceMs how long the server is waited for, to be connected to and to answer, in milliseconds
   * @throws {StorageRefused} where there is no such server, or it might lose what it acknowledged
   */
  static async to(address: Address, given: Materials, patienceMs = PATIENCE_MS): Promise<Connection> {
    const connection = new Connection(address, given, patienceMs);
    try {
      await inTime(patienceMs, connection.client.connect());
      await connection.fit;
      // From here on it comes back; if it was lost just now, it is told as if it had never been there.
      connection.isOpened = true;
      if (!connection.client.isReady) throw new Error('the connection was lost');
      return connection;
    } catch (error) {
      await connection.close();
      if (error instanceof given.StorageRefused) throw error;
      throw new given.StorageRefused(
        `Redis at ${address.shown}: ${reasonOf(error)}; start it, or set the address and the password of one that runs`,
        { cause: error },
      );
    }
  }

  /** @throws {StorageUnavailable} whatever goes wrong: what was asked may have been done or not */
  async ask(...words: string[]): Promise<Reply> {
    try {
      // While one server's fitness was waited for, another may have come in its place.
      for (let known: Promise<void> | null = null; known !== this.fit;) {
        known = this.fit;
        await known;
      }
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

  /** What was asked was answered before; a server that does not answer is not waited for. */
  async close(): Promise<void> {
    this.isClosed = true;
    // One that is still being made cannot be ended from here: it ends itself, and keeps no process from ending.
    this.client.unref();
    if (this.client.isReady) this.client.destroy();
  }

  /** One that is not fit is looked at again: it may be set right while it runs. */
  private lookWhetherFit(): void {
    const fit = requireFit((...words) => this.send(words), this.given);
    this.fit = fit;
    fit.catch(async () => {
      await pause(LOOK_AGAIN_MS, undefined, { ref: false });
      if (fit === this.fit && this.client.isReady) this.lookWhetherFit();
    });
  }

  private async send(words: readonly string[]): Promise<Reply> {
    const answer = this.client.sendCommand<Reply>([...words]);
    return inTime(this.patienceMs, answer, () => this.beginAnew());
  }

  /** A connection that does not answer may be one that nobody is at the other end of any more. */
  private beginAnew(): void {
    if (!this.isOpened || !this.client.isReady) return;
    this.client.destroy();
    this.client.connect().catch(() => undefined);
  }
}

const inTime = async <T>(
  patienceMs: number,
  answer: Promise<T>,
  whenLate = (): void => undefined,
): Promise<T> => {
  const waiting = new AbortController();
  const late = pause(patienceMs, undefined, { signal: waiting.signal }).then(() => {
    // Not before whoever asked was told why.
    setImmediate(whenLate);
    throw new Error('it does not answer');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    waiting.abort();
  }
};

/** Where a name has several addresses, the reasons are a level deeper. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return (error as Error).message;
};
