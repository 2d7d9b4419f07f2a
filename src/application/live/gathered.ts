import type { Pace } from '../ports.js';

/** How often the same may be asked. */
export interface Apart {
  /** How long after one question began the next may begin, in milliseconds. */
  readonly ms: number;
  /** So many who wait need not wait for that: what one question costs is little among them. */
  readonly enough: number;
  readonly pace: Pace;
}

/**
 * A question that whoever waits for the answer shares, and that never begins before any of them asked: whoever asks while it
 * is under way waits for the next. Kept `apart`, questions that come one by one gather, while one that comes after a pause
 * begins at once.
 */
export class Gathered<T> {
  private next: PromiseWithResolvers<T> | null = null;
  private asking = 0;
  private isUnderWay = false;
  private begunAt = -Infinity;
  /** What is to begin the next one; another puts it out of force. */
  private due: { readonly isLater: boolean } | null = null;

  /** @param apart without it, one begins as soon as the last is over */
  constructor(
    private readonly question: () => Promise<T>,
    private readonly apart: Apart | null = null,
  ) {}

  ask(): Promise<T> {
    this.next ??= withResolvers<T>();
    const { promise } = this.next;
    this.asking += 1;
    if (this.due === null && !this.isUnderWay) this.beginWhenDue();
    else if (this.due?.isLater && this.asking === this.apart?.enough) void this.begin();
    return promise;
  }

  private beginWhenDue(): void {
    const { apart } = this;
    const isEnough = apart === null || this.asking >= apart.enough;
    const wait = isEnough ? 0 : this.begunAt + apart.ms - apart.pace.now();
    const due = { isLater: wait > 0 };
    const begin = () => {
      if (this.due === due) void this.begin();
    };
    this.due = due;
    if (due.isLater) apart!.pace.later(wait, begin);
    // Whoever asks in the same turn goes along.
    else queueMicrotask(begin);
  }

  private async begin(): Promise<void> {
    const { resolve, reject } = this.next!;
    this.next = this.due = null;
    this.asking = 0;
    this.isUnderWay = true;
    if (this.apart !== null) this.begunAt = this.apart.pace.now();
    try {
      resolve(await this.question());
    } catch (error) {
      reject(error);
    } finally {
      this.isUnderWay = false;
    }
    if (this.next !== null) this.beginWhenDue();
  }
}

/** `Promise.withResolvers`, which Node 20 does not have yet. */
interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

const withResolvers = <T>(): PromiseWithResolvers<T> => {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
