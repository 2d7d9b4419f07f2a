import type { Caller, Callers } from './live/callers.js';
import type { Clock, Rules, UnitOfWork } from './ports.js';

const MINUTE = 60_000;
/**
 * A sighting is stored once it is so much fresher than the stored one: an idle poll must not cost a write, and a crowd's writes
 * must not be what its polls wait for. What is stored counts only where the session was not heard of: after a restart, or elsewhere.
 */
const COARSENESS_MS = 5 * MINUTE;
/** Whoever was not heard of for so long is forgotten here. */
const KEPT_MS = 10 * MINUTE;
/** However short the times that depend on it, so that a poll never costs a write of its own. */
const FINEST_MS = 1000;
/** How many sessions are written in one transaction: few, since on some engines polls are not answered meanwhile; many, where nobody polls. */
const FEW = 10;
const MANY = 250;

/** What is to be stored of a caller. */
interface Sighting {
  readonly caller: Caller;
  readonly id: string;
  readonly at: number;
}

/** One order of locking for every process: two that store the same sessions never wait for each other in a circle. */
const byId = (a: Sighting, b: Sighting): number => (a.id < b.id ? -1 : 1);

/** When each session was last heard of: kept with its caller exactly, in storage coarsely. */
export class Sightings {
  readonly coarsenessMs: number;

  constructor(
    private readonly callers: Callers,
    private readonly storage: UnitOfWork,
    private readonly clock: Clock,
    rules: Pick<Rules, 'sessionIdleMs' | 'placeKeptMs'>,
  ) {
    this.coarsenessMs = Math.max(
      FINEST_MS,
      Math.min(COARSENESS_MS, rules.sessionIdleMs / 10, rules.placeKeptMs / 10),
    );
  }

  note(caller: Caller, at: number): void {
    this.current(caller).seenAt = at;
  }

  /** Milliseconds since 1970; 0 where the caller was not heard of here. */
  lastOf(caller: Caller): number {
    return this.current(caller).seenAt;
  }

  /** Milliseconds since 1970; 0 where the session was not heard of here. */
  of(sessionId: string): number {
    return this.callers.find(sessionId)?.seenAt ?? 0;
  }

  /**
   * Stores what is fresher than what was stored, and forgets whoever was not heard of for long.
   * @param rest lets others have their turn after a few; without it nobody is there to have one
   */
  async store(coarsenessMs = this.coarsenessMs, rest?: () => Promise<void>): Promise<void> {
    const now = this.clock.now();
    for (const batch of this.due(coarsenessMs, rest ? FEW : MANY)) {
      await this.storage.transact(async ({ sessions }) => {
        for (const { id, at } of batch) {
          const session = await sessions.get(id);
          if (!session?.isLive) continue;
          session.see(at);
          await sessions.save(session);
        }
      });
      for (const { caller, at } of batch) caller.storedAt = at;
      await rest?.();
    }
    for (const caller of this.callers) {
      if (now - caller.seenAt > KEPT_MS) this.callers.forget(caller);
    }
  }

  /** A batch at a time, as far as they are known by then: to go through a crowd at once takes long, too. */
  private *due(coarsenessMs: number, atOnce: number): Generator<readonly Sighting[]> {
    let batch: Sighting[] = [];
    for (const caller of this.callers) {
      const storedAt = Math.max(caller.storedAt, caller.standing?.session.seenAt ?? 0);
      if (caller.seenAt - storedAt <= coarsenessMs) continue;
      batch.push({ caller, id: caller.sessionId, at: caller.seenAt });
      if (batch.length < atOnce) continue;
      yield batch.sort(byId);
      batch = [];
    }
    if (batch.length > 0) yield batch.sort(byId);
  }

  /** Whoever waits for something may be forgotten meanwhile. */
  private current(caller: Caller): Caller {
    return caller.isForgotten ? this.callers.of(caller.sessionId) : caller;
  }
}
