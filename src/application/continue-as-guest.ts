import { alreadyLoggedIn, User, usernameTaken } from '../domain/user.js';
import { readUsername } from '../domain/username.js';
import type { BeginSession, LoggedIn } from './begin-session.js';
import type { Clock, Ids, Rules } from './ports.js';

/** A name alone is enough to begin (requirement C01): it is the guest's while the session lives. */
export class ContinueAsGuest {
  constructor(
    private readonly sessions: BeginSession,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /** @throws {DomainError} `invalid-username`, `username-taken` (by an account), `already-logged-in` (a guest) */
  async execute(asked: { username: unknown; before: string | null }): Promise<LoggedIn> {
    const name = readUsername(asked.username);
    await this.clock.sleep(this.rules.loginDelayMs);
    return this.sessions.execute(async (to, departures) => {
      const holder = await to.users.named(name.key);
      if (holder !== null) {
        if (!holder.isGuest) throw usernameTaken(name.shown);
        const session = await this.sessions.liveSessionOf(to, holder, departures);
        if (session !== null) throw alreadyLoggedIn(holder.username);
      }
      return User.guest(this.ids.next(), name, this.clock.now());
    }, asked.before);
  }
}
