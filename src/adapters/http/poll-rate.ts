/**
 * How often each user has asked in the present second. It is looked at on every poll, the one request whose cost is the
 * product's, so it is a count and nothing more: no timer and no promise a user.
 */
export class PollRate {
  private second = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** Counts one more; false when it is one too many. `now` is milliseconds since 1970. */
  allows(userId: string, now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.second = second;
      this.counts.clear();
    }
    const count = (this.counts.get(userId) ?? 0) + 1;
    this.counts.set(userId, count);
    return count <= this.limit;
  }
}
