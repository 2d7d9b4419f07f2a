import { StorageUnavailable } from '../engine.js';

/**
 * So many at once; the others wait in turn, and give up after a while. A pool has one time-out for a server that does not
 * answer and for connections that are all in use; a crowd that posts at once is no reason to call storage away.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  /** @param patienceMs how long one waits for its turn, in milliseconds */
  constructor(
    private free: number,
    private readonly patienceMs: number,
  ) {}

  /**
   * @returns once it is one's turn; `pass` it on when done
   * @throws {StorageUnavailable} when that takes too long
   */
  async take(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const come = (): void => {
        clearTimeout(impatience);
        resolve();
      };
      const impatience = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(come), 1);
        reject(new StorageUnavailable('too many are waiting for PostgreSQL'));
      }, this.patienceMs);
      this.waiting.push(come);
    });
  }

  pass(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
