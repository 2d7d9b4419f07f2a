import type { Relation } from './relations.js';
import type { Statement, Transaction } from './transaction.js';

/**
 * The rows of one relation as one transaction gets and stores them. A row that was got is locked. One that was looked
 * for by its key and was not there cannot be locked: it is stored by INSERT alone, which fails where another transaction
 * has stored it meanwhile, and then the transaction is run again.
 */
export class LockedRows<S extends object> {
  private readonly absent = new Set<string>();

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
    if (state === undefined) this.absent.add(key);
    return state;
  }

  find(statement: Statement, value: string): Promise<S[]> {
    return this.to.ask<S>(statement, [value]);
  }

  store(key: string, state: S): void {
    const { table, insert, upsert, values } = this.relation;
    const isNew = this.absent.delete(key);
    const statement = isNew
      ? { name: `insert ${table}`, text: insert }
      : { name: `store ${table}`, text: upsert };
    this.to.store(statement, values(state));
  }
}
