import { randomBytes } from 'node:crypto';
import { RedisServer, whyNoRedis } from '../../support/redis-server.js';
import type { StartDriver } from '../driver.js';

/** A prefix a place, on a server of the test's own or the one that REDIS_URL names. */
export const start: StartDriver = async () => {
  const url = process.env['REDIS_URL'];
  const why = url ? null : await whyNoRedis();
  if (why !== null) return { unavailable: why };
  let own: Promise<RedisServer> | null = null;
  return {
    async freshPlace() {
      const base = url || (await (own ??= RedisServer.start())).url;
      const address = `${base}?prefix=test-${randomBytes(6).toString('hex')}`;
      // A server of the test's own goes with all that is in it; another's would keep it.
      return { address, dispose: async () => undefined };
    },
    end: async () => void (await (await own)?.stop()),
  };
};
