import type pg from 'pg';

/** A statement under a name, by which a connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * One transaction on one connection. What is asked is sent at once, and what is to be stored along with whatever is sent
 * next, so that a unit of work waits for the network only where it has to know something.
 */
export class Transaction {
  /** The first thing that went wrong on the connection: all that follows in the transaction fails with it. */
  failure: { readonly error: unknown } | null = null;
  isCommitSent = false;
  private unsent: { statement: Statement; values: readonly unknown[] }[] = [];
  private readonly begun: Promise<unknown>;

  constructor(
    private readonly client: pg.PoolClient,
    mode: 'isolation level read committed read write' | 'isolation level repeatable read read only',
  ) {
    this.begun = this.send(`begin ${mode}`);
  }

  async ask<R extends object>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    if (this.unsent.length > 0) await this.flush();
    const { rows } = await this.send({ ...statement, values: [...values] });
    return rows as R[];
  }

  /** For `set local`, sent at once: without a transaction it does nothing. What goes wrong shows as with `store`. */
  set(statement: Statement): void {
    this.send({ ...statement }).catch(() => undefined);
  }

  /** Never fails by itself: what goes wrong shows in what is asked next, or in the commit. */
  store(statement: Statement, values: readonly unknown[]): void {
    this.unsent.push({ statement, values });
  }

  /** @throws what went wrong; unless the connection was lost, nothing was stored then */
  async commit(): Promise<void> {
    if (this.unsent.length > 0) await this.flush();
    if (this.failure === null) {
      this.isCommitSent = true;
      // COMMIT of a transaction that failed is answered ROLLBACK, and no error.
      const { command } = await this.send('commit');
      if (command !== 'COMMIT' && this.failure === null)
        this.failure = { error: new Error(`COMMIT was answered ${command}`) };
    }
    if (this.failure !== null) throw this.failure.error;
  }

  async end(): Promise<void> {
    await this.send('rollback').catch(() => undefined);
  }

  /** Sent without waiting, for a transaction in which nothing was stored: whoever has the connection next is behind it. */
  endLater(): void {
    void this.end();
  }

  /** Nothing is stored before BEGIN was confirmed: if that failed, it would be stored outside of any transaction. */
  private async flush(): Promise<void> {
    await this.begun;
    const sending = this.unsent;
    this.unsent = [];
    for (const { statement, values } of sending) {
      this.send({ ...statement, values: [...values] }).catch(() => undefined);
    }
  }

  private send(query: string | pg.QueryConfig): Promise<pg.QueryResult> {
    const sent = this.client.query(query);
    sent.catch((error: unknown) => {
      this.failure ??= { error };
    });
    return sent;
  }
}
