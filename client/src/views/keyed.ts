/** One row of a list that is kept as long as its key is there. */
export interface Row<T> {
  readonly el: HTMLElement;
  readonly update: (item: T) => void;
}

/**
 * Shows items as the list's rows, touching only those that changed, so that focus and selection in the others stay.
 * @param orphaned where the focus goes when its row is removed
 */
export const keyed = <T>(
  list: HTMLElement,
  key: (item: T) => string,
  make: (item: T) => Row<T>,
  orphaned?: () => HTMLElement,
): ((items: readonly T[]) => void) => {
  const rows = new Map<string, Row<T>>();
  return (items) => {
    const wanted = new Set(items.map(key));
    for (const [name, row] of rows) {
      if (wanted.has(name)) continue;
      const focused = row.el.contains(document.activeElement);
      row.el.remove();
      rows.delete(name);
      if (focused) orphaned?.().focus();
    }
    items.forEach((item, at) => {
      const name = key(item);
      const row = rows.get(name) ?? make(item);
      rows.set(name, row);
      row.update(item);
      const there = list.children[at];
      if (there !== row.el) list.insertBefore(row.el, there ?? null);
    });
  };
};
