import { alreadyLoggedIn, User, usernameTaken } from '../domain/user.js';
import { readUsername } from '../domain/username.js';
import type { BeginSession, LoggedIn } from './begin-session.js';
import type { Clock, Ids } from './ports.js';

/** A name alone is enough to begin (requirement C01): it is the guest's while the session lives. */
export class ContinueAsGuest {
  constructor(
    private readonly sessions: BeginSession,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /**
   * @param isAwaited whether anybody still waits for the answer
   * @throws {DomainError} `invalid-username`, `username-taken` (by an account), `already-logged-in` (a guest)
   * @throws {Abandoned}
   */
  async execute(
    asked: { username: unknown; before: string | null },
    isAwaited: () => boolean = () => true,
  ): Promise<LoggedIn> {
    const name = readUsername(asked.username);
    await this.sessions.delay(isAwaited);
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
