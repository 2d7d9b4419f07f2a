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

  constructor(private readonly enabled: boolean) {}

  /** @throws {HttpError} 429 `too-fast` with `Retry-After` */
  async spend(limit: Limit, userId: string): Promise<void> {
    if (!this.enabled) return;
    if (limit === 'polls') {
      if (this.polls.allows(userId, Date.now())) return;
      throw tooFast(1000);
    }
    try {
      await this.perUser[limit].consume(userId);
    } catch (error) {
      throw error instanceof RateLimiterRes ? tooFast(error.msBeforeNext) : error;
    }
  }

  /** @throws {HttpError} 429 `too-fast`, when too many attempts at this account from this address have failed */
  async requireLoginAllowed(account: string, address: string): Promise<void> {
    if (!this.enabled) return;
    const spent = await this.failedLogins.get(`${account} ${address}`);
    if (spent !== null && spent.consumedPoints >= FAILED_LOGINS.points) throw tooFast(spent.msBeforeNext);
  }

  async noteFailedLogin(account: string, address: string): Promise<void> {
    if (this.enabled) await this.failedLogins.penalty(`${account} ${address}`);
  }
}
