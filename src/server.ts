import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock, Pace, Passwords, Presence } from './application/ports.js';
import { StorageRefused, type OpenedStorage } from './adapters/storage/engine.js';
import { engineFor } from './adapters/storage/engines.js';
import { unfinishedCopy } from './application/moving/unfinished-copy.js';
import { startChores } from './chores.js';
import { furnish } from './house.js';
import type { Settings } from './settings.js';

/** How long requests that are under way are waited for when the server ends, in milliseconds. */
const GRACE_MS = 4000;
const SWEEP_MS = 50;
/** How often it is looked which held polls are over, and how often what concerns all of them is brought up to date. */
const HELD_SWEEP_MS = 250;
const HELD_REFRESH_MS = 1000;
const MINUTE = 60_000;
/**
 * How long a connection is kept without a request, in milliseconds. It outlasts the minute that proxies keep theirs and
 * that browsers let a hidden tab wait: the shorter it is, the more requests meet a connection that is just being closed.
 * It is counted as a time of silence, by one timer for the life of a connection. Node's own `keepAliveTimeout` makes another after
 * every answer: with ten thousand users three megabytes of them a second grow old before they are of no use. Node then
 * leaves out `Keep-Alive`, the header that says how long; browsers go by a time of their own.
 */
const KEEP_ALIVE_MS = 65_000;
/** Node's timers go no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/**
 * How many connections may wait to be taken, as far as the system lets them. When everybody comes at once, after a restart or a
 * moment that the disk took, those that find no room (Node's own is for 511) wait for seconds and may then be reset.
 */
const BACKLOG = 4096;
/** Sightings are stored a few at a time with rests between, so that a crowd's never hold up its polls. */
const REST_MS = 40;
/** A session that was not heard of for so long need not be kept ready. */
const IN_USE_MS = 5 * MINUTE;

export interface Server {
  /** `http://host:port` */
  readonly address: string;
  /** Answers what was asked, takes nothing new, stores what is left to store. */
  close(): Promise<void>;
}

export interface ServerParts {
  readonly log: Logger;
  readonly clientFolder: string | null;
  readonly clock?: Clock;
  readonly pace?: Pick<Pace, 'now'>;
  readonly passwords?: Passwords;
  readonly presence?: Presence;
  /** How long a connection is kept in silence, in milliseconds, beyond what an answer may take: where that is not as usual. */
  readonly keepAliveMs?: number;
}

/** Half a house is not served: whoever wrote there would be in the way of the rest. Nor is one whose processes do not know of each other. */
const requireWhole = async (opened: OpenedStorage): Promise<void> => {
  try {
    if (opened.shared && opened.exchange === undefined) {
      throw new StorageRefused(
        'its engine shares it, but has no exchange by which processes tell who is online',
      );
    }
    const note = await opened.archive.read((from) => from.note());
    if (note !== null) throw new StorageRefused(unfinishedCopy(note));
  } catch (error) {
    await opened.close();
    throw error;
  }
};

/**
 * Starts a server, and resolves once it listens.
 * @throws {StorageRefused} where the storage must not, or cannot, be used; whatever `listen` says of the address
 */
export const startServer = async (settings: Settings, parts: ServerParts): Promise<Server> => {
  const engine = await engineFor(settings.storage, settings.storageEngine);
  const opened = await engine.open(settings.storage);
  await requireWhole(opened);
  let isClosing = false;
  const house = furnish({ ...parts, settings, opened, isClosing: () => isClosing });
  const rest = async (): Promise<void> => {
    if (!isClosing) await pause(REST_MS);
  };
  const now = () => (parts.clock ?? Date).now();
  const { tendHeldPolls } = house;
  const chores = startChores(
    [
      {
        name: 'store sightings',
        everyMs: house.sightings.coarsenessMs,
        run: () => house.sightings.store(undefined, rest),
      },
      {
        name: 'expire sessions',
        everyMs: settings.sessionIdleMs / 4,
        run: () => house.expireSessions.execute(),
      },
      {
        name: 'tidy',
        everyMs: MINUTE,
        run: () => house.live.tidy((id) => now() - house.sightings.of(id) < IN_USE_MS),
      },
      ...(tendHeldPolls === null
        ? []
        : [
            { name: 'sweep held polls', everyMs: HELD_SWEEP_MS, run: () => tendHeldPolls.sweep() },
            { name: 'refresh held polls', everyMs: HELD_REFRESH_MS, run: () => tendHeldPolls.refresh() },
          ]),
    ],
    parts.log,
  );

  const server = createServer({ keepAliveTimeout: 0 }, house.app.callback());
  // Whose poll is held is silent, too, and whose login is held up.
  const longestAnswer = Math.max(settings.pollWaitMs, settings.loginDelayMs);
  server.timeout = Math.min(LONGEST_TIMER_MS, (parts.keepAliveMs ?? KEEP_ALIVE_MS) + longestAnswer);
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  try {
    server.listen({ port: settings.port, host: settings.host, backlog: BACKLOG });
    await once(server, 'listening');
  } catch (error) {
    await chores.stop();
    house.stop();
    await opened.close();
    throw error;
  }
  // Too many open files, say: whoever is connected is served on.
  server.on('error', (error) => parts.log.error({ err: error }, 'connection not taken'));
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;

  const finish = async (): Promise<void> => {
    isClosing = true;
    house.answerHeldPolls();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    // Browsers open connections ahead; Node does not take one for idle over which nothing was asked yet.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    // What was under way when the end began leaves its connection idle once it is answered.
    const sweeping = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await ended;
    clearInterval(sweeping);
    clearTimeout(impatience);
    await chores.stop();
    house.stop();
    await house.sightings
      .store(0)
      .catch((error: unknown) => parts.log.warn({ err: error }, 'sightings lost'));
    await opened.close();
  };
  let finished: Promise<void> | null = null;
  return { address: `http://${host}:${port}`, close: () => (finished ??= finish()) };
};
