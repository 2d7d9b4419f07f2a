import { endSession } from './end-session.js';
import type { Clock, Presence, Rules, UnitOfWork } from './ports.js';
import type { Sightings } from './sightings.js';

const BATCH = 200;
/** Ended sessions are forgotten so many times in the time that they are kept: seldom, since it is a write even if none is due. */
const FORGETTINGS = 100;

/** Ends the sessions whose time is over though nobody asks any more, and forgets those that ended long ago. */
export class ExpireSessions {
  private forgottenAt = -Infinity;

  constructor(
    private readonly storage: UnitOfWork,
    private readonly sightings: Sightings,
    private readonly presence: Presence,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const { sessionIdleMs, sessionMaxMs } = this.rules;
    let stale: string[];
    let ended: number;
    do {
      stale = await this.storage.read((from) =>
        from.staleSessions(now - sessionIdleMs, now - sessionMaxMs, BATCH),
      );
      ended = 0;
      for (const id of stale) if (await this.expire(id, now)) ended += 1;
    } while (stale.length === BATCH && ended > 0);
    if (now - this.forgottenAt < sessionMaxMs / FORGETTINGS) return;
    await this.storage.transact(({ sessions }) => sessions.forget(now - sessionMaxMs));
    this.forgottenAt = now;
  }

  /** @returns whether the session is over: one that was seen since is not */
  private async expire(id: string, now: number): Promise<boolean> {
    const life = { idleMs: this.rules.sessionIdleMs, maxMs: this.rules.sessionMaxMs };
    const { isOver, departure } = await this.storage.transact(async (to) => {
      const session = await to.sessions.get(id);
      const over = session?.hasExpired(now, life, this.sightings.of(id)) ?? false;
      return {
        isOver: over,
        departure: session && over ? await endSession(to, session, 'expired', now) : null,
      };
    });
    if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
    return isOver;
  }
}
