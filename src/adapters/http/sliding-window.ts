import { Recent } from './recent.js';

/** When somebody last did it: the oldest time is where the next one goes. */
interface Times {
  readonly at: number[];
  oldest: number;
}

/** Whoever has not done it for so long is let go of. */
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * Lets each key do something so many times within any stretch of time of one length, wherever that begins. A window that
 * begins with the first time, as libraries have it, or with the clock's second, would let through twice as many around its
 * end. Every poll is counted here, so that counting takes neither a timer nor anything new in memory.
 */
export class SlidingWindow {
  private readonly times: Recent<Times>;

  constructor(
    private readonly limit: number,
    private readonly lengthMs: number,
  ) {
    this.times = new Recent(Math.max(lengthMs, FORGOTTEN_AFTER_MS));
  }

  /**
   * Counts one more, unless that is one too many.
   * @param now milliseconds, by a clock that passes evenly
   * @returns 0, or how many milliseconds it is until one more is not too many
   */
  spend(key: string, now: number): number {
    const times = this.times.find(key, now) ?? this.begin(key, now);
    const waitMs = times.at[times.oldest]! + this.lengthMs - now;
    if (waitMs > 0) return waitMs;
    times.at[times.oldest] = now;
    times.oldest = (times.oldest + 1) % this.limit;
    return 0;
  }

  private begin(key: string, now: number): Times {
    const times = { at: Array<number>(this.limit).fill(-Infinity), oldest: 0 };
    this.times.keep(key, times, now);
    return times;
  }
}
