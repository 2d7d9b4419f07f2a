import { notLoggedIn, Session, sessionEnded, type SessionState } from '../domain/session.js';
import type { User, UserState } from '../domain/user.js';
import { endSession } from './end-session.js';
import type { Live } from './live/live.js';
import type { Clock, Presence, Repositories, Rules, Standing, UnitOfWork } from './ports.js';
import type { Sightings } from './sightings.js';
import { whenKnown } from './live/when-known.js';

/** Whoever asks: a live session and its user. */
export interface Asker {
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
    private readonly sightings: Sightings,
    private readonly presence: Presence,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /**
   * Answers at once where nothing has to be read.
   * @param sessionId what the request bears, or null
   * @throws {DomainError} `not-logged-in`; `session-ended` with its `reason`
   */
  execute(sessionId: string | null): Asker | Promise<Asker> {
    if (sessionId === null) throw notLoggedIn();
    const now = this.clock.now();
    const askedAt = this.presence.now();
    return whenKnown(this.live.standing(sessionId), (standing) => this.admit(standing, now, askedAt));
  }

  /**
   * The same, but by what was last known of the session, for whoever looks at it again in a transaction of its own: on a
   * storage that others write to, that saves a view. Before anything is refused, `execute` has to agree to the asker.
   */
  presume(sessionId: string | null): Asker | Promise<Asker> {
    const standing = sessionId === null ? undefined : this.live.presumed(sessionId);
    if (standing === undefined || standing.session.ending !== null || standing.user === null) {
      return this.execute(sessionId);
    }
    const now = this.clock.now();
    if (this.hasExpired(standing.session, now)) return this.execute(sessionId);
    this.sightings.note(standing.session.id, now);
    return { session: standing.session, user: standing.user, askedAt: this.presence.now() };
  }

  private admit(standing: Standing | undefined, now: number, askedAt: number): Asker | Promise<Asker> {
    const asker = requireLive(standing, askedAt);
    const { session } = asker;
    if (this.hasExpired(session, now)) return this.expire(session.id, now, askedAt);
    this.sightings.note(session.id, now);
    return asker;
  }

  private hasExpired(session: SessionState, now: number): boolean {
    const life = { idleMs: this.rules.sessionIdleMs, maxMs: this.rules.sessionMaxMs };
    return new Session(session).hasExpired(now, life, this.sightings.of(session.id));
  }

  /** Unless it was ended otherwise at the last moment, or heard of elsewhere: then that holds. */
  private async expire(sessionId: string, now: number, askedAt: number): Promise<Asker> {
    const { standing, departure } = await this.storage.transact(async (to) => {
      const session = await to.sessions.get(sessionId);
      if (session === null) return { standing: undefined, departure: null };
      const left = this.hasExpired(session.state, now) ? await endSession(to, session, 'expired', now) : null;
      const user = session.isLive ? await to.users.get(session.state.userId) : null;
      return { standing: { session: session.state, user: user?.state ?? null }, departure: left };
    });
    if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
    const asker = requireLive(standing, askedAt);
    this.sightings.note(sessionId, now);
    return asker;
  }
}

const requireLive = (standing: Standing | undefined, askedAt: number): Asker => {
  if (standing === undefined) throw notLoggedIn();
  const { session, user } = standing;
  if (session.ending !== null) throw sessionEnded(session.ending);
  if (user === null) throw notLoggedIn();
  return { session, user, askedAt };
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
