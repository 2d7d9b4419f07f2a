import 'reflect-metadata';
import { Container, type ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import { Authenticate } from './application/authenticate.js';
import { announcing } from './application/announcing.js';
import { BeginSession } from './application/begin-session.js';
import { ContinueAsGuest } from './application/continue-as-guest.js';
import { CreateAccount } from './application/create-account.js';
import { CreateRoom } from './application/create-room.js';
import { DeleteRoom } from './application/delete-room.js';
import { EnterRoom } from './application/enter-room.js';
import { ExpireSessions } from './application/expire-sessions.js';
import { HeldPolls } from './application/held-polls.js';
import { HoldPoll } from './application/hold-poll.js';
import { LeaveRoom } from './application/leave-room.js';
import { ListRooms } from './application/list-rooms.js';
import { Live } from './application/live.js';
import { LogIn } from './application/log-in.js';
import { LogOut } from './application/log-out.js';
import { PollRoom } from './application/poll-room.js';
import type {
  Clock,
  Ids,
  Pace,
  Passwords,
  Presence,
  Rules,
  Tokens,
  UnitOfWork,
} from './application/ports.js';
import { PostMessage } from './application/post-message.js';
import { ReadUpdates } from './application/read-updates.js';
import { ShowSession } from './application/show-session.js';
import { Sightings } from './application/sightings.js';
import { TakePart } from './application/take-part.js';
import { TendHeldPolls } from './application/tend-held-polls.js';
import type Koa from 'koa';
import { createApp } from './adapters/http/app.js';
import { logOperations } from './adapters/http/log-routes.js';
import { RateLimits } from './adapters/http/rate-limits.js';
import { roomOperations } from './adapters/http/room-routes.js';
import { SessionCookie } from './adapters/http/session-cookie.js';
import { whoOperations } from './adapters/http/who-routes.js';
import { PresenceExchanged } from './adapters/presence/presence-exchanged.js';
import { PresenceInProcess } from './adapters/presence/presence-in-process.js';
import type { OpenedStorage } from './adapters/storage/engine.js';
import { Argon2Passwords } from './adapters/system/argon2-passwords.js';
import { randomIds } from './adapters/system/random-ids.js';
import { sha256Tokens } from './adapters/system/sha256-tokens.js';
import { steadyPace } from './adapters/system/steady-pace.js';
import { systemClock } from './adapters/system/system-clock.js';
import type { Settings } from './settings.js';

/** What is asked for by a name, because it has no class of its own, and what it gives. */
type Named<T> = symbol & { readonly gives?: T };
/** What a part may be asked for by. */
type Key<T> = Named<T> | (abstract new (...parts: never[]) => T);

const named = <T>(name: string): Named<T> => Symbol(name) as Named<T>;

const STORAGE = named<UnitOfWork>('UnitOfWork');
const PRESENCE = named<Presence>('Presence');
const CLOCK = named<Clock>('Clock');
const IDS = named<Ids>('Ids');
const TOKENS = named<Tokens>('Tokens');
const PASSWORDS = named<Passwords>('Passwords');
const RULES = named<Rules>('Rules');

export interface Surroundings {
  readonly settings: Settings;
  readonly opened: OpenedStorage;
  readonly log: Logger;
  /** Where the client was built to, or null for a server without pages. */
  readonly clientFolder: string | null;
  readonly isClosing: () => boolean;
  readonly clock?: Clock;
  /** By which polls are held: steady time, unless a test moves it. */
  readonly holdingPace?: Pick<Pace, 'now'>;
  readonly passwords?: Passwords;
  readonly presence?: Presence;
}

const presenceFor = ({ exchange }: OpenedStorage, settings: Settings, clock: Clock): Presence =>
  exchange === undefined
    ? new PresenceInProcess(settings, clock)
    : new PresenceExchanged(exchange, settings, clock);

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

/** Puts the house together; the only place that knows every room of it. */
export const furnish = (around: Surroundings): House => {
  const { settings, opened, clock = systemClock, passwords = new Argon2Passwords() } = around;
  const { holdingPace = steadyPace } = around;
  const container = new Container({ defaultScope: 'Singleton' });
  const have = <T>(key: Key<T>, value: T) =>
    container.bind(key as ServiceIdentifier<T>).toConstantValue(value);
  const make = <T, P extends unknown[]>(
    build: new (...parts: P) => T,
    ...parts: { [part in keyof P]: Key<P[part]> }
  ) => {
    const keys = parts as ServiceIdentifier[];
    container.bind(build).toResolvedValue((...given: unknown[]) => new build(...(given as P)), keys);
  };
  const get = <T>(key: Key<T>) => container.get<T>(key as ServiceIdentifier<T>);

  const live = new Live(opened, opened.shared, steadyPace);
  have(Live, live);
  const holdsPolls = settings.pollWaitMs > 0;
  const heldPolls = new HeldPolls(setImmediate);
  opened.watch?.(() => {
    live.forget();
    heldPolls.wakeAll();
  });
  have(
    STORAGE,
    announcing(opened, (written) => {
      live.heed(written);
      if (!holdsPolls) return;
      const ids = [...written.logs, ...written.users];
      heldPolls.heed(ids);
      opened.hints?.tell(ids);
    }),
  );
  const presence = around.presence ?? presenceFor(opened, settings, clock);
  have(PRESENCE, presence);
  have(CLOCK, clock);
  have(IDS, randomIds);
  have(TOKENS, sha256Tokens);
  have(PASSWORDS, passwords);
  have(RULES, settings);

  make(Sightings, STORAGE, CLOCK, RULES);
  make(Authenticate, STORAGE, Live, Sightings, PRESENCE, CLOCK, RULES);
  make(BeginSession, STORAGE, Sightings, PRESENCE, TOKENS, CLOCK, RULES);
  make(CreateAccount, BeginSession, PASSWORDS, IDS, CLOCK);
  make(ContinueAsGuest, BeginSession, IDS, CLOCK, RULES);
  make(LogIn, STORAGE, BeginSession, PASSWORDS, CLOCK, RULES);
  make(LogOut, STORAGE, PRESENCE, CLOCK);
  make(ShowSession, Authenticate, Live);
  make(ListRooms, Live);
  make(CreateRoom, STORAGE, IDS, CLOCK, RULES);
  make(DeleteRoom, STORAGE, CLOCK);
  make(ReadUpdates, STORAGE);
  make(TakePart, PRESENCE, CLOCK);
  make(EnterRoom, STORAGE, Live, TakePart, ReadUpdates, PRESENCE, Sightings, CLOCK, RULES);
  make(LeaveRoom, STORAGE, PRESENCE);
  make(PollRoom, Live, TakePart, ReadUpdates);
  have(HoldPoll, new HoldPoll(heldPolls, get(PollRoom), get(Authenticate), holdingPace, settings.pollWaitMs));
  have(
    TendHeldPolls,
    new TendHeldPolls(heldPolls, live, get(PRESENCE), get(Sightings), clock, holdingPace, opened.shared),
  );
  if (holdsPolls) {
    opened.hints?.listen((ids) => (ids === null ? heldPolls.wakeAll() : heldPolls.heed(ids)));
  }
  make(PostMessage, STORAGE, Live, ReadUpdates, TOKENS, CLOCK, RULES);
  make(ExpireSessions, STORAGE, Sightings, PRESENCE, CLOCK, RULES);

  const cookie = new SessionCookie(get(TOKENS), settings.sessionMaxMs);
  const limits = new RateLimits(settings.rateLimits);
  const app = createApp({
    operations: [
      ...whoOperations(
        {
          createAccount: get(CreateAccount),
          logIn: get(LogIn),
          continueAsGuest: get(ContinueAsGuest),
          logOut: get(LogOut),
          showSession: get(ShowSession),
        },
        cookie,
        limits,
        {
          pollIntervalMs: settings.pollIntervalMs,
          pollWaitMs: settings.pollWaitMs,
          roomCapacity: settings.roomCapacity,
        },
      ),
      ...roomOperations({
        listRooms: get(ListRooms),
        createRoom: get(CreateRoom),
        deleteRoom: get(DeleteRoom),
        enterRoom: get(EnterRoom),
        leaveRoom: get(LeaveRoom),
      }),
      ...logOperations({
        pollRoom: get(PollRoom),
        holdPoll: holdsPolls ? get(HoldPoll) : null,
        postMessage: get(PostMessage),
      }),
    ],
    authenticate: get(Authenticate),
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
    sightings: get(Sightings),
    expireSessions: get(ExpireSessions),
    tendHeldPolls: holdsPolls ? get(TendHeldPolls) : null,
    answerHeldPolls: () => heldPolls.close(),
    stop: () => void (presence instanceof PresenceExchanged && presence.stop()),
  };
};
