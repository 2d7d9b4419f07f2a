import { Gathered, type Apart } from './gathered.js';

/** Loads what there is of the ids asked for. */
type Load<V> = (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>;

/** Where what was read is kept: a map, or whatever stands by the ids already. */
export interface Shelf<V> extends Iterable<[id: string, value: V]> {
  get(id: string): V | undefined;
  set(id: string, value: V): void;
  delete(id: string): void;
  clear(): void;
}

/** What was read of storage, never older than what `drop` has been told: it stays on a shelf until it is said to be written. */
export class Fresh<V> {
  private wanted = new Set<string>();
  /** Of what is being read, what may be kept. */
  private underWay: Set<string> | null = null;
  private readonly reads: Gathered<ReadonlyMap<string, V>>;

  /**
   * @param shelf where what was read is kept
   * @param apart how often may be read; without it, as soon as the last read is over
   */
  constructor(
    private readonly load: Load<V>,
    private readonly shelf: Shelf<V>,
    apart: Apart | null = null,
  ) {
    this.reads = new Gathered(() => this.read(), apart);
  }

  /** What is kept, at no cost; undefined says to `get` it. */
  peek(id: string): V | undefined {
    return this.shelf.get(id);
  }

  async get(id: string): Promise<V | undefined> {
    const value = this.peek(id);
    if (value !== undefined) return value;
    this.wanted.add(id);
    return (await this.reads.ask()).get(id);
  }

  /** It was written: what is kept of it, or is being read, answers nobody who asks from now on. */
  drop(id: string): void {
    this.shelf.delete(id);
    this.underWay?.delete(id);
  }

  /** Something was written, and which ids it concerns is not known: what is being read now is not kept. */
  distrust(): void {
    this.underWay?.clear();
  }

  /** All of it may have been written: nothing that is kept, or is being read, answers whoever asks from now on. */
  dropAll(): void {
    this.shelf.clear();
    this.distrust();
  }

  /** Lets go of all that is kept but for these. */
  retain(keep: (id: string, value: V) => boolean): void {
    for (const [id, value] of this.shelf) if (!keep(id, value)) this.shelf.delete(id);
  }

  private async read(): Promise<ReadonlyMap<string, V>> {
    const asked = this.wanted;
    this.wanted = new Set();
    this.underWay = new Set(asked);
    try {
      const found = await this.load([...asked]);
      for (const [id, value] of found) if (this.underWay.has(id)) this.shelf.set(id, value);
      return found;
    } finally {
      this.underWay = null;
    }
  }
}
