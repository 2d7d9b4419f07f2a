/** What was under way when somebody left is over by then, and what others told of it was heard. */
const KEPT_MS = 60_000;

interface Departure {
  readonly roomId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Which room each user left last, and when: what was asked or seen before does not bring them back. */
export class Departures {
  /** In the order of leaving. */
  private readonly last = new Map<string, Departure>();

  note(roomId: string, userId: string, at: number): void {
    this.last.delete(userId);
    this.last.set(userId, { roomId, at });
    for (const [id, departure] of this.last) {
      if (at - departure.at <= KEPT_MS) break;
      this.last.delete(id);
    }
  }

  /** Milliseconds since 1970; 0 where the user did not leave the room lately. */
  of(roomId: string, userId: string): number {
    const departure = this.last.get(userId);
    return departure?.roomId === roomId ? departure.at : 0;
  }

  /** Whether the user left the room after that time; one that lies far ahead was noted before the clock was set back. */
  isSince(roomId: string, userId: string, time: number): boolean {
    const since = this.of(roomId, userId) - time;
    return since > 0 && since <= KEPT_MS;
  }
}
