import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HttpError } from './http-error.js';
import { PollRate } from './poll-rate.js';

/** What is limited for each user. */
export type Limit = 'posts' | 'polls' | 'new rooms';

/** How often, and in how many seconds: twenty posts in four seconds are five a second, in bursts of twenty. */
const LIMITS = {
  posts: { points: 20, duration: 4 },
  'new rooms': { points: 10, duration: 60 },
};
const POLLS_A_SECOND = 10;
const FAILED_LOGINS = { points: 10, duration: 60 };

const tooFast = (waitMs: number): HttpError => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `Too fast: try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`;
  return new HttpError(429, 'too-fast', message, {}, { 'Retry-After': String(seconds) });
};

/** Keeps one user from taking what is everybody's. Counted in this process. */
export class RateLimits {
  private readonly perUser = {
    posts: new RateLimiterMemory(LIMITS.posts),
    'new rooms': new RateLimiterMemory(LIMITS['new rooms']),
  };
  private readonly polls = new PollRate(POLLS_A_SECOND);
  private readonly failedLogins = new RateLimiterMemory(FAILED_LOGINS);
  /** The attempts that are under way, each of which may yet fail. */
  private readonly attempts = new Map<string, Set<Promise<void>>>();

  constructor(private readonly enabled: boolean) {}

  /** @throws {HttpError} 429 `too-fast` with `Retry-After` */
  spend(limit: Limit, userId: string): void | Promise<void> {
    if (!this.enabled) return;
    if (limit !== 'polls') return this.consume(limit, userId);
    if (!this.polls.allows(userId, Date.now())) throw tooFast(1000);
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

  private async consume(limit: Exclude<Limit, 'polls'>, userId: string): Promise<void> {
    try {
      await this.perUser[limit].consume(userId);
    } catch (error) {
      throw error instanceof RateLimiterRes ? tooFast(error.msBeforeNext) : error;
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
