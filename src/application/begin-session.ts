import { Session } from '../domain/session.js';
import type { User, UserState } from '../domain/user.js';
import { Abandoned } from './abandoned.js';
import { endSession, type Departure } from './end-session.js';
import type { Clock, Presence, Repositories, Rules, Tokens, UnitOfWork } from './ports.js';
import type { Sightings } from './sightings.js';

/** What logging in gives: the user, and the secret that its browser is to bear. */
export interface LoggedIn {
  readonly user: UserState;
  readonly token: string;
}

/** What the three ways in have in common: a user is found or made, and a session begins in place of what was before. */
export class BeginSession {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly sightings: Sightings,
    private readonly presence: Presence,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /**
   * Makes whoever logs in wait, as the settings say (requirement A12).
   * @throws {Abandoned} where nobody waits any more by then: a session that nobody bears would keep the name from whoever tries again
   */
  async delay(isAwaited: () => boolean): Promise<void> {
    await this.clock.sleep(this.rules.loginDelayMs);
    if (!isAwaited()) throw new Abandoned();
  }

  /**
   * @param admit finds or makes the user, and says whether a session it has elsewhere may be ended; run in a transaction
   * @param before the session that the asker's browser named until now: it ends, as logged out
   */
  async execute(
    admit: (to: Repositories, departures: Departure[]) => Promise<User>,
    before: string | null,
  ): Promise<LoggedIn> {
    const token = this.tokens.mint();
    const now = this.clock.now();
    const { state, departures } = await this.storage.transact(async (to) => {
      const left: Departure[] = [];
      const user = await admit(to, left);
      const elsewhere = await to.sessions.liveOf(user.id);
      if (elsewhere !== null) await endSession(to, elsewhere, 'taken-over', now);
      const previous = before === null ? null : await to.sessions.get(before);
      if (previous !== null) {
        const departure = await endSession(to, previous, 'logged-out', now);
        if (departure !== null) left.push(departure);
      }
      await to.users.save(user);
      await to.sessions.save(Session.begin(this.tokens.digest(token), user.id, now));
      return { state: user.state, departures: left };
    });
    for (const { roomId, userId } of departures) this.presence.gone(roomId, userId);
    return { user: state, token };
  }

  /** The session that the user has, unless its time is over: then it ends here, and a guest with it. */
  async liveSessionOf(to: Repositories, user: User, departures: Departure[]): Promise<Session | null> {
    const session = await to.sessions.liveOf(user.id);
    if (session === null) {
      if (user.isGuest) await to.users.remove(user);
      return null;
    }
    const life = { idleMs: this.rules.sessionIdleMs, maxMs: this.rules.sessionMaxMs };
    const now = this.clock.now();
    if (!session.hasExpired(now, life, this.sightings.of(session.state.id))) return session;
    const departure = await endSession(to, session, 'expired', now);
    if (departure !== null) departures.push(departure);
    return null;
  }
}
