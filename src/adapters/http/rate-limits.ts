import { RateLimiterMemory } from 'rate-limiter-flexible';
import { HttpError } from './http-error.js';
import { SlidingWindow } from './sliding-window.js';

/** What is limited for each user. */
export type Limit = 'posts' | 'polls' | 'new rooms';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const FAILED_LOGINS = { points: 10, duration: 60 };

const tooFast = (waitMs: number): HttpError => {
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND));
  const message = `Too fast: try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`;
  return new HttpError('too-fast', message, {}, { 'Retry-After': String(seconds) });
};

/** Keeps one user from taking what is everybody's. Counted in this process. */
export class RateLimits {
  private readonly perUser = {
    /** Twenty in any four seconds are five a second, in bursts of twenty. */
    posts: new SlidingWindow(20, 4 * SECOND),
    polls: new SlidingWindow(10, SECOND),
    'new rooms': new SlidingWindow(10, MINUTE),
  };
  private readonly failedLogins = new RateLimiterMemory(FAILED_LOGINS);
  /** The attempts that are under way, each of which may yet fail. */
  private readonly attempts = new Map<string, Set<Promise<void>>>();

  /** @param now milliseconds, by a clock that passes evenly */
  constructor(
    private readonly enabled: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws {HttpError} 429 `too-fast` with `Retry-After` */
  spend(limit: Limit, userId: string): void {
    if (!this.enabled) return;
    const waitMs = this.perUser[limit].spend(userId, this.now());
    if (waitMs > 0) throw tooFast(waitMs);
  }

  /**
   * Lets somebody try a password. No more may try at once than there are failures left, so that many guesses at once are
   * no way around the count; whoever succeeds is only made to wait for them.
   * @throws {HttpError} 429 `too-fast`, when too many attempts at this account from this address have failed
   */
  async tryPassword<T>(
    account: string,
    address: string,
    attempt: () => Promise<T>,
    hasFailed: (error: unknown) => boolean,
  ): Promise<T> {
    if (!this.enabled) return attempt();
    const key = `${account} ${address}`;
    const end = await this.beginAttempt(key);
    try {
      return await attempt();
    } catch (error) {
      if (hasFailed(error)) await this.failedLogins.penalty(key);
      throw error;
    } finally {
      end();
    }
  }

  /** @returns what is to be called at the end of the attempt */
  private async beginAttempt(key: string): Promise<() => void> {
    for (;;) {
      const spent = await this.failedLogins.get(key);
      const failed = spent?.consumedPoints ?? 0;
      if (failed >= FAILED_LOGINS.points) throw tooFast(spent?.msBeforeNext ?? 0);
      const underWay = this.attempts.get(key) ?? new Set();
      if (failed + underWay.size >= FAILED_LOGINS.points) {
        await Promise.race(underWay);
        continue;
      }
      let end!: () => void;
      const attempt = new Promise<void>((resolve) => (end = resolve));
      this.attempts.set(key, underWay.add(attempt));
      return () => {
        underWay.delete(attempt);
        if (underWay.size === 0) this.attempts.delete(key);
        end();
      };
    }
  }
}
