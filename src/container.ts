import 'reflect-metadata';
import { Container, type ServiceIdentifier } from 'inversify';
import { Authenticate } from './application/authenticate.js';
import { BeginSession } from './application/begin-session.js';
import { ContinueAsGuest } from './application/continue-as-guest.js';
import { CreateAccount } from './application/create-account.js';
import { CreateRoom } from './application/create-room.js';
import { DeleteRoom } from './application/delete-room.js';
import { EnterRoom } from './application/enter-room.js';
import { ExpireSessions } from './application/expire-sessions.js';
import { LeaveRoom } from './application/leave-room.js';
import { ListRooms } from './application/list-rooms.js';
import { Callers } from './application/live/callers.js';
import { Live } from './application/live/live.js';
import { LogIn } from './application/log-in.js';
import { LogOut } from './application/log-out.js';
import { PollRoom } from './application/poll-room.js';
import type { Clock, Ids, Passwords, Presence, Rules, Tokens, UnitOfWork } from './application/ports.js';
import { PostMessage } from './application/post-message.js';
import { ReadUpdates } from './application/read-updates.js';
import { ShowSession } from './application/show-session.js';
import { Sightings } from './application/sightings.js';
import { TakePart } from './application/take-part.js';

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

/** What the use cases need of the world. */
export interface World {
  readonly storage: UnitOfWork;
  readonly callers: Callers;
  readonly live: Live;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tokens: Tokens;
  readonly passwords: Passwords;
  readonly rules: Rules;
}

/** Gives the one use case of its class, with all that it is made of. */
export type UseCases = <T>(key: abstract new (...parts: never[]) => T) => T;

/** Says of what each use case is made; the only place that knows Inversify. */
export const useCasesIn = (world: World): UseCases => {
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

  have(STORAGE, world.storage);
  have(Callers, world.callers);
  have(Live, world.live);
  have(PRESENCE, world.presence);
  have(CLOCK, world.clock);
  have(IDS, world.ids);
  have(TOKENS, world.tokens);
  have(PASSWORDS, world.passwords);
  have(RULES, world.rules);

  make(Sightings, Callers, STORAGE, CLOCK, RULES);
  make(Authenticate, STORAGE, Live, Callers, Sightings, PRESENCE, CLOCK, RULES);
  make(BeginSession, STORAGE, Sightings, PRESENCE, TOKENS, CLOCK, RULES);
  make(CreateAccount, BeginSession, PASSWORDS, IDS, CLOCK);
  make(ContinueAsGuest, BeginSession, IDS, CLOCK);
  make(LogIn, STORAGE, BeginSession, PASSWORDS);
  make(LogOut, STORAGE, PRESENCE, CLOCK);
  make(ShowSession, Authenticate, Live);
  make(ListRooms, Live);
  make(CreateRoom, STORAGE, IDS, CLOCK, RULES);
  make(DeleteRoom, STORAGE, CLOCK);
  make(ReadUpdates, STORAGE);
  make(TakePart, PRESENCE);
  make(EnterRoom, STORAGE, Live, TakePart, ReadUpdates, PRESENCE, Sightings, CLOCK, RULES);
  make(LeaveRoom, STORAGE, PRESENCE);
  make(PollRoom, Live, TakePart, ReadUpdates);
  make(PostMessage, STORAGE, Live, ReadUpdates, TOKENS, CLOCK, RULES);
  make(ExpireSessions, STORAGE, Sightings, PRESENCE, CLOCK, RULES);
  return <T>(key: Key<T>) => container.get<T>(key as ServiceIdentifier<T>);
};
