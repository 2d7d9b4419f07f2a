import type { Connection } from './database.js';

/** How often it is looked whether another process wrote, where nobody writes here. */
const LOOK_MS = 200;

/** Notices what other processes write, and has it told: SQLite counts it for each connection. */
export class Others {
  private readonly listeners: (() => void)[] = [];
  private seen: { readonly by: Connection; readonly changes: number } | null = null;
  private looking: NodeJS.Timeout | null = null;

  /** @param look looks when it can, by the connection that writes */
  watch(told: () => void, look: () => void): void {
    this.listeners.push(told);
    this.looking ??= setInterval(look, LOOK_MS).unref();
  }

  /** Costs microseconds. What changed before a connection's first look is not known, so another connection counts as a change. */
  look(by: Connection): void {
    const changes = by.changesOfOthers;
    const isNews = this.seen !== null && (this.seen.by !== by || this.seen.changes !== changes);
    this.seen = { by, changes };
    if (isNews) for (const told of this.listeners) told();
  }

  stop(): void {
    if (this.looking !== null) clearInterval(this.looking);
  }
}
