/**
 * Lets each key do something so many times within any stretch of time of one length, wherever that begins. A window that
 * begins with the first time, as libraries have it, would let through twice as many around its end.
 */
export class SlidingWindow {
  /** When each key did it, ascending; those that did it since the last turn, and those that had done it by then. */
  private recent = new Map<string, readonly number[]>();
  private earlier = new Map<string, readonly number[]>();
  private turnedAt = -Infinity;

  constructor(
    private readonly limit: number,
    private readonly lengthMs: number,
  ) {}

  /**
   * Counts one more, unless that is one too many.
   * @param now milliseconds, by a clock that passes evenly
   * @returns 0, or how many milliseconds it is until one more is not too many
   */
  spend(key: string, now: number): number {
    this.turn(now);
    const times = (this.recent.get(key) ?? this.earlier.get(key) ?? []).filter(
      (time) => time + this.lengthMs > now,
    );
    const [first] = times;
    if (first !== undefined && times.length >= this.limit) return first + this.lengthMs - now;
    this.recent.set(key, [...times, now]);
    return 0;
  }

  /** Lets go of whoever has not done it for a whole length. */
  private turn(now: number): void {
    if (now - this.turnedAt < this.lengthMs) return;
    this.earlier = this.recent;
    this.recent = new Map();
    this.turnedAt = now;
  }
}
