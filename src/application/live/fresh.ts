import type { Pace } from '../ports.js';

/** Loads what there is of the ids asked for. */
type Load<V> = (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>;

/** Where what was read is kept: a map, or whatever stands by the ids already. */
export interface Shelf<V> extends Iterable<[id: string, value: V]> {
  get(id: string): V | undefined;
  set(id: string, value: V): void;
  delete(id: string): void;
  clear(): void;
}

/**
 * What was read of storage, never older than the question.
 *
 * Questions that wait together share one read; a question that comes while a read is under way waits for the next one,
 * because that read may be older than the question. Where nobody but this process writes, what was read stays on a
 * shelf until `drop` says that it was written. Where others write too, every question needs a read: reads then begin
 * so far `apart` that questions that come one by one gather for the next, while one that comes after a pause has its read at once.
 */
export class Fresh<V> {
  private waiting = new Map<string, PromiseWithResolvers<V | undefined>>();
  private underWay: Set<string> | null = null;
  private isDue = false;
  private begunAt = -Infinity;

  /**
   * @param shelf where what was read is kept; null where others write too
   * @param apart how long after one read began the next may begin, in milliseconds; without it, at once
   */
  constructor(
    private readonly load: Load<V>,
    private readonly shelf: Shelf<V> | null,
    private readonly apart: { readonly ms: number; readonly pace: Pace } | null = null,
  ) {}

  /** What is kept, at no cost; undefined says to `get` it. */
  peek(id: string): V | undefined {
    return this.shelf?.get(id);
  }

  get(id: string): Promise<V | undefined> {
    const value = this.peek(id);
    if (value !== undefined) return Promise.resolve(value);
    let asked = this.waiting.get(id);
    if (asked === undefined) {
      asked = withResolvers<V | undefined>();
      this.waiting.set(id, asked);
      this.readSoon();
    }
    return asked.promise;
  }

  /** It was written: what is kept of it, or is being read, answers nobody who asks from now on. */
  drop(id: string): void {
    this.shelf?.delete(id);
    this.underWay?.delete(id);
  }

  /** Something was written, and which ids it concerns is not known: what is being read now is not kept. */
  distrust(): void {
    this.underWay?.clear();
  }

  /** All of it may have been written: nothing that is kept, or is being read, answers whoever asks from now on. */
  dropAll(): void {
    this.shelf?.clear();
    this.distrust();
  }

  /** Lets go of all that is kept but for these. */
  retain(keep: (id: string, value: V) => boolean): void {
    for (const [id, value] of this.shelf ?? []) if (!keep(id, value)) this.shelf?.delete(id);
  }

  /** Reads when the last read is over, and its begin long enough ago. */
  private readSoon(): void {
    if (this.isDue || this.underWay !== null) return;
    this.isDue = true;
    const wait = this.apart === null ? 0 : this.begunAt + this.apart.ms - this.apart.pace.now();
    if (this.apart === null || wait <= 0) queueMicrotask(() => void this.read());
    else this.apart.pace.later(wait, () => void this.read());
  }

  private async read(): Promise<void> {
    this.isDue = false;
    const asked = this.waiting;
    this.waiting = new Map();
    this.underWay = new Set(asked.keys());
    if (this.apart !== null) this.begunAt = this.apart.pace.now();
    try {
      const found = await this.load([...asked.keys()]);
      for (const [id, { resolve }] of asked) {
        const value = found.get(id);
        if (value !== undefined && this.underWay.has(id)) this.shelf?.set(id, value);
        resolve(value);
      }
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    } finally {
      this.underWay = null;
    }
    if (this.waiting.size > 0) this.readSoon();
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
