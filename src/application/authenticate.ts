import { notLoggedIn, Session, sessionEnded, type SessionState } from '../domain/session.js';
import type { User, UserState } from '../domain/user.js';
import { endSession } from './end-session.js';
import type { Caller, Callers } from './live/callers.js';
import type { Live } from './live/live.js';
import type { Clock, Presence, Repositories, Rules, Standing, UnitOfWork } from './ports.js';
import type { Sightings } from './sightings.js';

/** Whoever asks: a live session and its user. */
export interface Asker {
  readonly caller: Caller;
  readonly session: SessionState;
  readonly user: UserState;
  /** When the question came, as `Presence` counts time. */
  readonly askedAt: number;
}

/** Tells who is asking, anew for every request. */
export class Authenticate {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly live: Live,
    private readonly callers: Pick<Callers, 'forget'>,
    private readonly sightings: Sightings,
    private readonly presence: Presence,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /**
   * Answers at once where nothing has to be read.
   * @param caller whom the request names, or null
   * @throws {DomainError} `not-logged-in`; `session-ended` with its `reason`
   */
  execute(caller: Caller | null): Asker | Promise<Asker> {
    if (caller === null) throw notLoggedIn();
    const now = this.clock.now();
    const askedAt = this.presence.now();
    const caughtUp = this.live.catchUp();
    if (caughtUp === null) return this.look(caller, now, askedAt);
    return caughtUp.then(
      () => this.look(caller, now, askedAt),
      (error: unknown) => this.giveUp(caller, error),
    );
  }

  /**
   * The same, but by what was last known of the session, for whoever looks at it again in a transaction of its own: on a
   * storage that others write to, that saves asking what they wrote. Before anything is refused, `execute` has to agree to the asker.
   */
  presume(caller: Caller | null): Asker | Promise<Asker> {
    const standing = caller?.standing;
    if (
      caller === null ||
      standing === undefined ||
      standing.session.ending !== null ||
      standing.user === null
    ) {
      return this.execute(caller);
    }
    const now = this.clock.now();
    if (this.hasExpired(caller, standing.session, now)) return this.execute(caller);
    this.sightings.note(caller, now);
    return { caller, session: standing.session, user: standing.user, askedAt: this.presence.now() };
  }

  private look(caller: Caller, now: number, askedAt: number): Asker | Promise<Asker> {
    const standing = this.live.standing(caller);
    if (!(standing instanceof Promise)) return this.admit(caller, standing, now, askedAt);
    return standing.then(
      (found) => this.admit(caller, found, now, askedAt),
      (error: unknown) => this.giveUp(caller, error),
    );
  }

  private admit(
    caller: Caller,
    standing: Standing | undefined,
    now: number,
    askedAt: number,
  ): Asker | Promise<Asker> {
    // Whoever wants can name sessions that there are not, any number of them.
    if (standing === undefined) this.callers.forget(caller);
    const asker = requireLive(caller, standing, askedAt);
    if (this.hasExpired(caller, asker.session, now)) return this.expire(caller, now, askedAt);
    this.sightings.note(caller, now);
    return asker;
  }

  /** Nothing is kept of whoever could not be looked up, unless they were heard of before. */
  private giveUp(caller: Caller, error: unknown): never {
    if (caller.seenAt === 0) this.callers.forget(caller);
    throw error;
  }

  private hasExpired(caller: Caller, session: SessionState, now: number): boolean {
    const life = { idleMs: this.rules.sessionIdleMs, maxMs: this.rules.sessionMaxMs };
    return new Session(session).hasExpired(now, life, this.sightings.lastOf(caller));
  }

  /** Unless it was ended otherwise at the last moment, or heard of elsewhere: then that holds. */
  private async expire(caller: Caller, now: number, askedAt: number): Promise<Asker> {
    const { standing, departure } = await this.storage.transact(async (to) => {
      const session = await to.sessions.get(caller.sessionId);
      if (session === null) return { standing: undefined, departure: null };
      const left = this.hasExpired(caller, session.state, now)
        ? await endSession(to, session, 'expired', now)
        : null;
      const user = session.isLive ? await to.users.get(session.state.userId) : null;
      return { standing: { session: session.state, user: user?.state ?? null }, departure: left };
    });
    if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
    const asker = requireLive(caller, standing, askedAt);
    this.sightings.note(caller, now);
    return asker;
  }
}

const requireLive = (caller: Caller, standing: Standing | undefined, askedAt: number): Asker => {
  if (standing === undefined) throw notLoggedIn();
  const { session, user } = standing;
  if (session.ending !== null) throw sessionEnded(session.ending);
  if (user === null) throw notLoggedIn();
  return { caller, session, user, askedAt };
};

/**
 * The asker's user within a transaction, where what was true a moment ago is looked at once more.
 * @throws {DomainError} `not-logged-in`; `session-ended` with its `reason`
 */
export const askerIn = async (to: Repositories, asker: Asker): Promise<User> => {
  const [session, user] = await Promise.all([to.sessions.get(asker.session.id), to.users.get(asker.user.id)]);
  if (session === null) throw notLoggedIn();
  session.requireLive();
  if (user === null) throw notLoggedIn();
  return user;
};
