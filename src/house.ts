import type Koa from 'koa';
import type { Logger } from 'pino';
import { createApp } from './adapters/http/app.js';
import { RateLimits } from './adapters/http/rate-limits.js';
import { SessionCookie } from './adapters/http/session-cookie.js';
import { PresenceExchanged } from './adapters/presence/presence-exchanged.js';
import { PresenceInProcess } from './adapters/presence/presence-in-process.js';
import type { OpenedStorage } from './adapters/storage/engine.js';
import { Argon2Passwords } from './adapters/system/argon2-passwords.js';
import { randomIds } from './adapters/system/random-ids.js';
import { sha256Tokens } from './adapters/system/sha256-tokens.js';
import { steadyPace } from './adapters/system/steady-pace.js';
import { systemClock } from './adapters/system/system-clock.js';
import { Authenticate } from './application/authenticate.js';
import { ExpireSessions } from './application/expire-sessions.js';
import { HeldPolls } from './application/holding/held-polls.js';
import { HoldPoll } from './application/holding/hold-poll.js';
import { TendHeldPolls } from './application/holding/tend-held-polls.js';
import { announcing } from './application/live/announcing.js';
import { Callers } from './application/live/callers.js';
import { Live } from './application/live/live.js';
import { PollRoom } from './application/poll-room.js';
import type { Clock, Pace, Passwords, Presence } from './application/ports.js';
import { Sightings } from './application/sightings.js';
import { useCasesIn } from './container.js';
import { operationsOf } from './operations.js';
import type { Settings } from './settings.js';

export interface Surroundings {
  readonly settings: Settings;
  readonly opened: OpenedStorage;
  readonly log: Logger;
  /** Where the client was built to, or null for a server without pages. */
  readonly clientFolder: string | null;
  readonly isClosing: () => boolean;
  readonly clock?: Clock;
  /** By which polls are held, and whoever asks is online: steady time, unless a test moves it. */
  readonly pace?: Pick<Pace, 'now'>;
  readonly passwords?: Passwords;
  readonly presence?: Presence;
}

const presenceFor = ({ exchange }: OpenedStorage, settings: Settings, pace: Pick<Pace, 'now'>): Presence =>
  exchange === undefined
    ? new PresenceInProcess(settings, pace)
    : new PresenceExchanged(exchange, settings, pace);

/** The house, put together. */
export interface House {
  readonly app: Koa;
  readonly live: Live;
  readonly sightings: Sightings;
  readonly expireSessions: ExpireSessions;
  /** Null where no poll is held. */
  readonly tendHeldPolls: TendHeldPolls | null;
  /** Answers what would otherwise wait for news. */
  answerHeldPolls(): void;
  /** Ends what goes on by itself. */
  stop(): void;
}

/** Puts the house together: the only place that sees every room of it. */
export const furnish = (around: Surroundings): House => {
  const { settings, opened, clock = systemClock, pace = steadyPace } = around;
  const callers = new Callers();
  const live = new Live(opened, callers, opened.shared, steadyPace);
  const presence = around.presence ?? presenceFor(opened, settings, pace);
  const heldPolls = settings.pollWaitMs > 0 ? new HeldPolls(setImmediate) : null;
  opened.watch?.(() => {
    live.forget();
    heldPolls?.wakeAll();
  });
  const storage = announcing(opened, (written) => {
    live.heed(written);
    if (heldPolls === null) return;
    const ids = [...written.logs, ...written.users];
    heldPolls.heed(ids);
    opened.hints?.tell(ids);
  });
  const get = useCasesIn({
    storage,
    callers,
    live,
    presence,
    clock,
    ids: randomIds,
    tokens: sha256Tokens,
    passwords: around.passwords ?? new Argon2Passwords(),
    rules: settings,
  });
  const authenticate = get(Authenticate);
  const sightings = get(Sightings);

  let holdPoll: HoldPoll | null = null;
  let tendHeldPolls: TendHeldPolls | null = null;
  if (heldPolls !== null) {
    holdPoll = new HoldPoll(heldPolls, get(PollRoom), authenticate, pace, settings.pollWaitMs);
    tendHeldPolls = new TendHeldPolls(heldPolls, live, presence, sightings, clock, pace);
    opened.hints?.listen((ids) => (ids === null ? heldPolls.wakeAll() : heldPolls.heed(ids)));
  }

  const cookie = new SessionCookie(sha256Tokens, callers, settings.sessionMaxMs);
  const limits = new RateLimits(settings.rateLimits);
  const app = createApp({
    operations: operationsOf(get, holdPoll, cookie, limits, settings),
    authenticate,
    cookie,
    limits,
    storage: opened,
    log: around.log,
    isClosing: around.isClosing,
    clientFolder: around.clientFolder,
    trustProxy: settings.trustProxy,
    metrics: settings.metrics,
  });
  return {
    app,
    live,
    sightings,
    expireSessions: get(ExpireSessions),
    tendHeldPolls,
    answerHeldPolls: () => heldPolls?.close(),
    stop: () => void (presence instanceof PresenceExchanged && presence.stop()),
  };
};
