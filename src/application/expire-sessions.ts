import { endSession } from './end-session.js';
import type { Clock, Presence, Rules, UnitOfWork } from './ports.js';
import type { Sightings } from './sightings.js';

const BATCH = 200;

/** Ends the sessions whose time is over though nobody asks any more, and forgets those that ended long ago. */
export class ExpireSessions {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly sightings: Sightings,
    private readonly presence: Presence,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const { sessionIdleMs: idleMs, sessionMaxMs: maxMs } = this.rules;
    const stale = await this.storage.read((from) => from.staleSessions(now - idleMs, now - maxMs, BATCH));
    for (const id of stale) {
      const departure = await this.storage.transact(async (to) => {
        const session = await to.sessions.get(id);
        const isOver = session?.hasExpired(now, { idleMs, maxMs }, this.sightings.of(id));
        return session && isOver ? endSession(to, session, 'expired', now) : null;
      });
      if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
    }
    await this.storage.transact(({ sessions }) => sessions.forget(now - maxMs));
  }
}
