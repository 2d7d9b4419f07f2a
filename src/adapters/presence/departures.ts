import { NEVER } from './room-sights.js';

/** What was under way when somebody left is over by then, and what others told of it was heard. */
const KEPT_MS = 60_000;

interface Departure {
  readonly roomId: string;
  readonly at: number;
}

/** Which room each user left last, and when by a steady pace: what was asked or seen before does not bring them back. */
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

  /** `NEVER` where the user did not leave the room lately. */
  of(roomId: string, userId: string): number {
    const departure = this.last.get(userId);
    return departure?.roomId === roomId ? departure.at : NEVER;
  }
}
