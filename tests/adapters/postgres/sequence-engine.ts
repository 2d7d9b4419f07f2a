import pg from 'pg';
import type { Engine, OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { readAddress } from '../../../src/adapters/storage/postgres/address.js';
import { postgresEngine } from '../../../src/adapters/storage/postgres/postgres-engine.js';
import { postgresRepositories } from '../../../src/adapters/storage/postgres/repositories.js';
import { logs } from '../../../src/adapters/storage/postgres/relations.js';
import { Transaction } from '../../../src/adapters/storage/postgres/transaction.js';
import { whileOpen } from '../../../src/adapters/storage/while-open.js';
import type { Repositories } from '../../../src/application/ports.js';
import { MessageLog, type LogHead } from '../../../src/domain/message-log.js';

const UNLOCKED = { name: 'unlocked', text: `select ${logs.columns} from logs where room_id = $1` };
const NUMBER = { name: 'number', text: `select nextval('numbers') as number` };

/** Logs as many a chat has them: the number comes from a sequence, and nothing is locked for it. */
const sequenced = (to: Transaction): Repositories => {
  const rest = postgresRepositories(to);
  return {
    ...rest,
    logs: {
      ...rest.logs,
      async get(roomId) {
        const [head] = await to.ask<LogHead>(UNLOCKED, [roomId]);
        if (head === undefined) return null;
        const [{ number }] = (await to.ask<{ number: number }>(NUMBER, [])) as [{ number: number }];
        return new MessageLog({ ...head, last: number - 1 });
      },
    },
  };
};

/** The engine that must not be: it is PostgreSQL's, but for where the number of an entry comes from. */
export const sequenceEngine: Engine = {
  ...postgresEngine,
  async open(address) {
    const storage = await postgresEngine.open(address);
    const pool = new pg.Pool(readAddress(address).writing);
    await pool.query('create sequence if not exists numbers').catch(() => undefined);
    const transact: OpenedStorage['transact'] = async (work) => {
      const client = await pool.connect();
      const transaction = new Transaction(client, 'isolation level read committed read write');
      const handle = whileOpen(sequenced(transaction));
      try {
        const result = await work(handle.opened);
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.end();
        throw error;
      } finally {
        client.release();
      }
    };
    return {
      shared: true,
      archive: storage.archive,
      transact,
      read: (work) => storage.read(work),
      ping: () => storage.ping(),
      close: async () => void (await Promise.all([storage.close(), pool.end()])),
    };
  },
};
