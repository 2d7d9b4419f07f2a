import { endSession } from './end-session.js';
import type { Clock, Presence, UnitOfWork } from './ports.js';

/** Logging out takes the name off the register at once, and its user out of the room (requirements A11, A13). */
export class LogOut {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly presence: Presence,
    private readonly clock: Clock,
  ) {}

  /** Does nothing where nobody was logged in. */
  async execute(sessionId: string | null): Promise<void> {
    if (sessionId === null) return;
    const departure = await this.storage.transact(async (to) => {
      const session = await to.sessions.get(sessionId);
      return session && endSession(to, session, 'logged-out', this.clock.now());
    });
    if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
  }
}
