import type { Relation } from './relations.js';
import type { Statement, Transaction } from './transaction.js';

/**
 * The rows of one relation as one transaction gets and stores them. A row that was got is locked. One that was looked
 * for by its key and was not there cannot be locked: it is stored by INSERT alone, which fails where another transaction
 * has stored it meanwhile, and then the transaction is run again.
 */
export class LockedRows<S extends object> {
  /** Of rows that were looked for by their key, or stored, whether they are there. */
  private readonly found = new Map<string, boolean>();

  constructor(
    private readonly to: Transaction,
    private readonly relation: Relation<S>,
  ) {}

  /** @param where a condition on $1 */
  static finding(relation: Relation<never>, name: string, where: string): Statement {
    return {
      name: `${relation.table} ${name}`,
      text: `select ${relation.columns} from ${relation.table} where ${where} for update`,
    };
  }

  async get(statement: Statement, key: string): Promise<S | undefined> {
    const [state] = await this.find(statement, key);
    this.found.set(key, state !== undefined);
    return state;
  }

  find(statement: Statement, value: string): Promise<S[]> {
    return this.to.ask<S>(statement, [value]);
  }

  store(key: string, state: S): void {
    const { table, insert, update, upsert, values } = this.relation;
    const isThere = this.found.get(key);
    this.found.set(key, true);
    if (isThere === undefined) this.to.store({ name: `store ${table}`, text: upsert }, values(state));
    else if (isThere) this.to.store({ name: `update ${table}`, text: update }, values(state));
    else this.to.store({ name: `insert ${table}`, text: insert }, values(state));
  }

  /** For what removes some of them: whether they are there is then not known any more. */
  lose(): void {
    this.found.clear();
  }
}
