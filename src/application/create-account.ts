import { readPassword } from '../domain/password.js';
import { User, usernameTaken } from '../domain/user.js';
import { readUsername } from '../domain/username.js';
import type { BeginSession, LoggedIn } from './begin-session.js';
import type { Clock, Ids, Passwords } from './ports.js';

/** A new account, logged in at once (requirements B01, B02). */
export class CreateAccount {
  constructor(
    private readonly sessions: BeginSession,
    private readonly passwords: Passwords,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws {DomainError} `invalid-username`, `invalid-password`, `username-taken` */
  async execute(asked: { username: unknown; password: unknown; before: string | null }): Promise<LoggedIn> {
    const name = readUsername(asked.username);
    const hash = await this.passwords.hash(readPassword(asked.password));
    return this.sessions.execute(async (to, departures) => {
      const holder = await to.users.named(name.key);
      if (holder !== null) {
        const isFree = holder.isGuest && (await this.sessions.liveSessionOf(to, holder, departures)) === null;
        if (!isFree) throw usernameTaken(name.shown);
      }
      return User.account(this.ids.next(), name, hash, this.clock.now());
    }, asked.before);
  }
}
