import { copyOf } from './copy-of.js';

/**
 * Values by key, as long as they are asked for: those of this stretch of time and of the one before are kept, the others let go of,
 * all at once and without being looked at one by one. Keys are Latin-1, as headers, addresses and ids are.
 */
export class Recent<V> {
  private recent = new Map<string, V>();
  private earlier = new Map<string, V>();
  private turnedAt = -Infinity;

  /**
   * @param turnMs the length of a stretch, in milliseconds
   * @param most how many values one stretch has room for
   */
  constructor(
    private readonly turnMs: number,
    private readonly most = Infinity,
  ) {}

  /** @param now milliseconds, by a clock that passes evenly */
  find(key: string, now: number): V | undefined {
    if (now - this.turnedAt >= this.turnMs) this.turn(now);
    const value = this.recent.get(key);
    if (value !== undefined) return value;
    const before = this.earlier.get(key);
    if (before !== undefined) this.keep(copyOf(key), before, now);
    return before;
  }

  /** @param key not a piece of something long, which would be kept along with it */
  keep(key: string, value: V, now: number): void {
    if (this.recent.size >= this.most) this.turn(now);
    this.recent.set(key, value);
  }

  private turn(now: number): void {
    this.earlier = this.recent;
    this.recent = new Map();
    this.turnedAt = now;
  }
}
