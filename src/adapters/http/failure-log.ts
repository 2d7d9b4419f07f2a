import type { Context } from 'koa';
import type { Logger } from 'pino';

/** While storage is away every request fails alike: one line each so many milliseconds says so; after as long without, it was back. */
const OUTAGE_EVERY_MS = 10_000;

/** Tells the log what failed on this side: each fault with all that is known of it, an outage now and then. */
export class FailureLog {
  private outageToldAt = -Infinity;
  private outageSeenAt = -Infinity;
  private requests = 0;

  /** @param now milliseconds, by a clock that passes evenly */
  constructor(
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  tell(ctx: Context, error: unknown, code: string): void {
    const what = { err: error, method: ctx.method, path: ctx.path, code };
    if (code !== 'storage-unavailable') {
      this.log.error(what, 'request failed');
      return;
    }
    const now = this.now();
    if (now - this.outageSeenAt >= OUTAGE_EVERY_MS) this.requests = 0;
    this.outageSeenAt = now;
    this.requests += 1;
    if (now - this.outageToldAt < OUTAGE_EVERY_MS) return;
    this.log.error({ ...what, requests: this.requests }, 'storage is away');
    this.outageToldAt = now;
    this.requests = 0;
  }
}
