/** Values by id that can be found by another key as well. Values are never changed, only put in place of one another. */
export class Table<V> {
  private readonly rows = new Map<string, V>();
  private readonly indexes: Map<string, Set<string>>[];

  /** @param keys what the values are found by: each gives a value's key, or null for a value that is not to be found so */
  constructor(private readonly keys: readonly ((value: V) => string | null)[] = []) {
    this.indexes = keys.map(() => new Map());
  }

  get(id: string): V | undefined {
    return this.rows.get(id);
  }

  entries(): IterableIterator<[string, V]> {
    return this.rows.entries();
  }

  idsBy(index: number, key: string): Iterable<string> {
    return this.indexes[index]!.get(key) ?? [];
  }

  keyOf(index: number, value: V): string | null {
    return this.keys[index]!(value);
  }

  put(id: string, value: V | undefined): void {
    const before = this.rows.get(id);
    this.keys.forEach((keyOf, at) => {
      const index = this.indexes[at]!;
      const oldKey = before === undefined ? null : keyOf(before);
      const newKey = value === undefined ? null : keyOf(value);
      if (oldKey === newKey) return;
      if (oldKey !== null) {
        const ids = index.get(oldKey);
        ids?.delete(id);
        if (ids?.size === 0) index.delete(oldKey);
      }
      if (newKey !== null) {
        const ids = index.get(newKey);
        if (ids === undefined) index.set(newKey, new Set([id]));
        else ids.add(id);
      }
    });
    if (value === undefined) this.rows.delete(id);
    else this.rows.set(id, value);
  }
}

/**
 * A table as one reader or writer sees it, where it differs from the table itself: for a transaction by what it has
 * written and not committed, for a reader by what others have committed since it began.
 */
export class TableView<V> {
  readonly differing = new Map<string, V | undefined>();

  constructor(private readonly table: Table<V>) {}

  get(id: string): V | undefined {
    return this.differing.has(id) ? this.differing.get(id) : this.table.get(id);
  }

  put(id: string, value: V | undefined): void {
    this.differing.set(id, value);
  }

  clear(): void {
    for (const [id] of this.table.entries()) this.differing.set(id, undefined);
    for (const id of this.differing.keys()) this.differing.set(id, undefined);
  }

  /** In the order in which they were put into the table. */
  *by(index: number, key: string): IterableIterator<V> {
    for (const id of this.table.idsBy(index, key)) {
      if (!this.differing.has(id)) yield this.table.get(id)!;
    }
    for (const value of this.differing.values()) {
      if (value !== undefined && this.table.keyOf(index, value) === key) yield value;
    }
  }

  firstBy(index: number, key: string): V | undefined {
    for (const value of this.by(index, key)) return value;
    return undefined;
  }

  all(): V[] {
    const found: V[] = [];
    for (const [id, value] of this.table.entries()) if (!this.differing.has(id)) found.push(value);
    for (const value of this.differing.values()) if (value !== undefined) found.push(value);
    return found;
  }

  /** Writes the differences into the table; whoever reads at the moment goes on seeing what was there. */
  commit(readers: Iterable<TableView<V>>): void {
    for (const [id, value] of this.differing) {
      for (const reader of readers) {
        if (!reader.differing.has(id)) reader.differing.set(id, this.table.get(id));
      }
      this.table.put(id, value);
    }
  }
}
