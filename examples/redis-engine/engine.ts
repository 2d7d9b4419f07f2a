import type { EngineFrom } from '../../src/adapters/storage/materials.js';
import { Connection, readAddress } from './connection.js';
import { RedisStorage } from './redis-storage.js';

/** How things lie in Redis: a newer Parlour that changes it changes this, and brings what it finds up to date. */
const FORMAT = '1';

/** Redis, for any number of Parlour processes, and only where it writes down what it acknowledges. */
export const engine: EngineFrom = (given) => ({
  scheme: 'redis',
  capabilities: { durable: true, shared: true },
  async open(text, how = {}) {
    const address = readAddress(text, given);
    const connection = await Connection.to(address, given);
    try {
      const key = `{${address.prefix}}:format`;
      if (how.existing !== true) await connection.ask('SET', key, FORMAT, 'NX');
      const format = await connection.ask('GET', key);
      if (format === null) {
        throw new given.StorageRefused(
          `nothing is stored in Redis at ${address.shown} under “${address.prefix}”`,
        );
      }
      if (format !== FORMAT)
        throw new given.StorageRefused(
          `a newer Parlour wrote this: its format is ${String(format)}; update Parlour`,
        );
    } catch (error) {
      await connection.close();
      if (error instanceof given.StorageRefused) throw error;
      throw new given.StorageRefused((error as Error).message, { cause: error });
    }
    return new RedisStorage(connection, address.prefix, given);
  },
});
