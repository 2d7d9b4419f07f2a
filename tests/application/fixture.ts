import { announcing } from '../../src/application/live/announcing.js';
import { Authenticate, type Asker } from '../../src/application/authenticate.js';
import { BeginSession, type LoggedIn } from '../../src/application/begin-session.js';
import { ContinueAsGuest } from '../../src/application/continue-as-guest.js';
import { CreateAccount } from '../../src/application/create-account.js';
import { CreateRoom } from '../../src/application/create-room.js';
import { DeleteRoom } from '../../src/application/delete-room.js';
import { EnterRoom } from '../../src/application/enter-room.js';
import { ExpireSessions } from '../../src/application/expire-sessions.js';
import { LeaveRoom } from '../../src/application/leave-room.js';
import { ListRooms } from '../../src/application/list-rooms.js';
import { Callers } from '../../src/application/live/callers.js';
import { Live } from '../../src/application/live/live.js';
import { LogIn } from '../../src/application/log-in.js';
import { LogOut } from '../../src/application/log-out.js';
import { PollRoom, type Known } from '../../src/application/poll-room.js';
import type { Pace, Passwords, Rules, Storage, Tokens } from '../../src/application/ports.js';
import { PostMessage } from '../../src/application/post-message.js';
import { ReadUpdates } from '../../src/application/read-updates.js';
import { ShowSession } from '../../src/application/show-session.js';
import { Sightings } from '../../src/application/sightings.js';
import { TakePart } from '../../src/application/take-part.js';
import { PresenceInProcess } from '../../src/adapters/presence/presence-in-process.js';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { TestClock } from '../support/test-clock.js';

export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;
export const PASSWORD = 'correct horse';

const RULES: Rules = {
  roomHistory: 100,
  roomCapacity: 50,
  placeKeptMs: DAY,
  loginDelayMs: 0,
  sessionIdleMs: 7 * DAY,
  sessionMaxMs: 30 * DAY,
};

/** Hashes that cost nothing; `verified` is what was asked about, a null for a name without an account. */
export class PlainPasswords implements Passwords {
  readonly verified: (string | null)[] = [];

  async hash(password: string): Promise<string> {
    return `hash of ${password}`;
  }

  async verify(password: string, hash: string | null): Promise<boolean> {
    this.verified.push(hash);
    return hash === `hash of ${password}`;
  }
}

/** Ids and tokens that can be read in a failing test. */
const counting = () => {
  let given = 0;
  const tokens: Tokens = {
    mint: () => `token-${++given}`,
    shape: /token-\d+/,
    digest: (text) => `digest of ${text}`,
  };
  return { ids: { next: () => `id-${++given}` }, tokens };
};

/** Somebody with a browser: what the cookie would bear. */
export interface Person extends LoggedIn {
  readonly sessionId: string;
}

/**
 * The use cases, put together by hand on the memory engine (or another storage), with a clock that tests move. It goes
 * evenly, unless there is a pace of its own by which it is counted who is online.
 */
export const makeHouse = (
  rules: Partial<Rules> = {},
  storage: Storage = new MemoryStorage(),
  pace?: Pick<Pace, 'now'>,
) => {
  const clock = new TestClock();
  const passwords = new PlainPasswords();
  const presence = new PresenceInProcess({ onlineTtlMs: 5 * SECOND, awayTtlMs: 150 * SECOND }, pace ?? clock);
  const { ids, tokens } = counting();
  const rule = { ...RULES, ...rules };
  const callers = new Callers();
  const live = new Live(storage, callers, storage.shared);
  const stored = announcing(storage, (written) => live.heed(written));
  const sightings = new Sightings(callers, stored, clock, rule);
  const sessions = new BeginSession(stored, sightings, presence, tokens, clock, rule);
  const authenticate = new Authenticate(stored, live, callers, sightings, presence, clock, rule);
  const takePart = new TakePart(presence);
  const readUpdates = new ReadUpdates(stored);
  const use = {
    createAccount: new CreateAccount(sessions, passwords, ids, clock),
    continueAsGuest: new ContinueAsGuest(sessions, ids, clock),
    logIn: new LogIn(stored, sessions, passwords),
    logOut: new LogOut(stored, presence, clock),
    showSession: new ShowSession(authenticate, live),
    listRooms: new ListRooms(live),
    createRoom: new CreateRoom(stored, ids, clock, rule),
    deleteRoom: new DeleteRoom(stored, clock),
    enterRoom: new EnterRoom(stored, live, takePart, readUpdates, presence, sightings, clock, rule),
    leaveRoom: new LeaveRoom(stored, presence),
    pollRoom: new PollRoom(live, takePart, readUpdates),
    postMessage: new PostMessage(stored, live, readUpdates, tokens, clock, rule),
    expireSessions: new ExpireSessions(stored, sightings, presence, clock, rule),
  };

  const person = (loggedIn: LoggedIn): Person => ({ ...loggedIn, sessionId: tokens.digest(loggedIn.token) });
  const as = async ({ sessionId }: Person): Promise<Asker> => authenticate.execute(callers.of(sessionId));
  let keys = 0;
  const knowns = new Map<string, Known>();
  /** Readers who know the same share what they know, as those who ask in the same words do. */
  const knownAs = (known: Known): Known => {
    const words = JSON.stringify(known);
    if (!knowns.has(words)) knowns.set(words, known);
    return knowns.get(words)!;
  };
  return {
    clock,
    passwords,
    presence,
    storage: stored,
    callers,
    live,
    sightings,
    authenticate,
    readUpdates,
    use,
    as,
    account: async (username: string, before: Person | null = null) =>
      person(
        await use.createAccount.execute({ username, password: PASSWORD, before: before?.sessionId ?? null }),
      ),
    guest: async (username: string, before: Person | null = null) =>
      person(await use.continueAsGuest.execute({ username, before: before?.sessionId ?? null })),
    logIn: async (username: string, asked: { takeOver?: boolean; password?: string; before?: Person } = {}) =>
      person(
        await use.logIn.execute({
          username,
          password: asked.password ?? PASSWORD,
          takeOver: asked.takeOver ?? false,
          before: asked.before?.sessionId ?? null,
        }),
      ),
    logOut: ({ sessionId }: Person) => use.logOut.execute(sessionId),
    show: ({ sessionId }: Person) => use.showSession.execute(callers.of(sessionId)),
    rooms: async (who: Person) => use.listRooms.execute(await as(who)),
    createRoom: async (who: Person, name: string, capacity?: number) =>
      use.createRoom.execute(await as(who), { name, capacity }),
    deleteRoom: async (who: Person, roomId: string) => use.deleteRoom.execute(await as(who), roomId),
    enter: async (who: Person, roomId: string) => use.enterRoom.execute(await as(who), roomId),
    leave: async (who: Person) => use.leaveRoom.execute(await as(who)),
    poll: async (
      who: Person,
      roomId: string,
      known: { after?: number; epoch?: string; online?: string; hidden?: boolean } = {},
    ) => use.pollRoom.execute(await as(who), roomId, knownAs({ after: 0, hidden: false, ...known })),
    post: async (who: Person, roomId: string, text: string, clientMessageId = `key-${++keys}`) =>
      use.postMessage.execute(await as(who), { roomId, clientMessageId, text }, null),
  };
};

export type House = ReturnType<typeof makeHouse>;
