import type { Readers, Repositories, Storage, UnitOfWork } from '../../src/application/ports.js';

/** Lets through when the test says so. */
export class Gate {
  private waiting: (() => void)[] = [];
  isOpen = true;

  close(): void {
    this.isOpen = false;
  }

  /** Resolves at once where the gate is open. */
  pass(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  get queued(): number {
    return this.waiting.length;
  }

  open(): void {
    this.isOpen = true;
    const waiting = this.waiting;
    this.waiting = [];
    for (const pass of waiting) pass();
  }
}

/** A storage whose reads see what there is when they begin, and are answered when `reads` is open. */
export const slowReads = (storage: UnitOfWork, reads: Gate): UnitOfWork => ({
  async read<T>(work: (from: Readers) => Promise<T>): Promise<T> {
    const result = await storage.read(work);
    await reads.pass();
    return result;
  },
  transact: <T>(work: (to: Repositories) => Promise<T>) => storage.transact(work),
});

/** Lets everything happen that needs no more than the promises that there are. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A storage where something else may happen before the next transaction, or between the next commit and its acknowledgement. */
export const interruptible = (storage: Storage) => {
  let before: (() => Promise<unknown>) | null = null;
  let meanwhile: (() => Promise<unknown>) | null = null;
  const interrupted: Storage = {
    shared: storage.shared,
    read: (work) => storage.read(work),
    async transact(work) {
      const first = before;
      before = null;
      await first?.();
      const result = await storage.transact(work);
      const now = meanwhile;
      meanwhile = null;
      await now?.();
      return result;
    },
    ping: () => storage.ping(),
    close: () => storage.close(),
  };
  return {
    storage: interrupted,
    beforeNextTransaction: (happens: () => Promise<unknown>) => {
      before = happens;
    },
    afterNextCommit: (happens: () => Promise<unknown>) => {
      meanwhile = happens;
    },
  };
};
