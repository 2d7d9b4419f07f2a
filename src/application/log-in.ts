import { DomainError, invalid } from '../domain/domain-error.js';
import { alreadyLoggedIn } from '../domain/user.js';
import { readUsername } from '../domain/username.js';
import type { BeginSession, LoggedIn } from './begin-session.js';
import type { Passwords, UnitOfWork } from './ports.js';

const wrongCredentials = (): DomainError =>
  new DomainError('unauthenticated', 'wrong-credentials', 'The username or the password is wrong.');

/** Logging in to an account, one session a user (requirements A06, A12, A14). */
export class LogIn {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly sessions: BeginSession,
    private readonly passwords: Passwords,
  ) {}

  /**
   * @param asked `takeOver` ends the session that the user has elsewhere
   * @param isAwaited whether anybody still waits for the answer
   * @throws {DomainError} `invalid-username`, `invalid-password`, `wrong-credentials`, `already-logged-in`
   * @throws {Abandoned}
   */
  async execute(
    asked: { username: unknown; password: unknown; takeOver: boolean; before: string | null },
    isAwaited: () => boolean = () => true,
  ): Promise<LoggedIn> {
    const name = readUsername(asked.username);
    if (typeof asked.password !== 'string') {
      throw invalid('password', 'invalid-password', 'A password is a text.');
    }
    await this.sessions.delay(isAwaited);
    const account = await this.storage.read((from) => from.userNamed(name.key));
    const hash = account?.passwordHash ?? null;
    if (!(await this.passwords.verify(asked.password, hash))) throw wrongCredentials();
    return this.sessions.execute(async (to, departures) => {
      const user = await to.users.named(name.key);
      if (user === null || user.state.passwordHash !== hash) throw wrongCredentials();
      const session = await this.sessions.liveSessionOf(to, user, departures);
      if (session === null) return (await to.users.get(user.id)) ?? user;
      if (!asked.takeOver) throw alreadyLoggedIn(user.username);
      return user;
    }, asked.before);
  }
}
