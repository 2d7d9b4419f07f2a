import type { Seat, Standing } from '../ports.js';

/**
 * One session that asks, as this process knows it. Whoever asks every second is found by one look-up, of what their browser bears;
 * what the parts of the house keep of them stands here together, since with thousands of them whatever else a poll would have
 * to look for is in no cache of the processor's.
 */
export class Caller {
  /** What storage says of the session, as long as it is known to hold: `Live` keeps it. */
  standing: Standing | undefined = undefined;
  /** When it was last heard of, in milliseconds since 1970, 0 for never; and what of that was stored by this process. `Sightings` keep both. */
  seenAt = 0;
  storedAt = 0;
  /** Where its user was last seen: `TakePart` keeps it. */
  seat: Seat | null = null;
  /** Whether nothing is kept here any more: another stands in its place, or will. */
  isForgotten = false;

  constructor(readonly sessionId: string) {}
}

/** The sessions that ask, or did a short while ago. */
export class Callers implements Iterable<Caller> {
  private readonly byId = new Map<string, Caller>();

  /** The one of that session; a new one, where there was none. */
  of(sessionId: string): Caller {
    let caller = this.byId.get(sessionId);
    if (caller === undefined) {
      caller = new Caller(sessionId);
      this.byId.set(sessionId, caller);
    }
    return caller;
  }

  find(sessionId: string): Caller | undefined {
    return this.byId.get(sessionId);
  }

  forget(caller: Caller): void {
    caller.isForgotten = true;
    caller.standing = undefined;
    caller.seat = null;
    if (this.byId.get(caller.sessionId) === caller) this.byId.delete(caller.sessionId);
  }

  [Symbol.iterator](): IterableIterator<Caller> {
    return this.byId.values();
  }
}
