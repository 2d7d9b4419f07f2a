import type { Materials } from '../../src/adapters/storage/materials.js';
import type { Reply } from './connection.js';

const LEAST_VERSION = 7;

/** What must be set, so that nothing acknowledged is lost: the setting, what is needed, and what happens otherwise. */
const NEEDED = [
  ['appendonly', 'yes', 'what was acknowledged would be lost when it ends'],
  ['appendfsync', 'always', 'what was acknowledged in the last second could be lost in a crash'],
  [
    'no-appendfsync-on-rewrite',
    'no',
    'what was acknowledged while the file is rewritten could be lost in a crash',
  ],
] as const;

/**
 * @throws {StorageRefused} where an acknowledged post could be lost, or be read from a copy that lags behind
 */
export const requireFit = async (
  ask: (...words: string[]) => Promise<Reply>,
  { StorageRefused }: Materials,
): Promise<void> => {
  const info = String(await ask('INFO'));
  const about = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  if (Number.parseInt(about('redis_version'), 10) < LEAST_VERSION) {
    throw new StorageRefused(
      `this Redis is of version ${about('redis_version')}; it must be ${LEAST_VERSION} or newer`,
    );
  }
  if (about('role') !== 'master')
    throw new StorageRefused('this Redis is a replica: give the address of its primary');
  if (about('cluster_enabled') === '1')
    throw new StorageRefused('this Redis is a part of a cluster: use one alone');

  const settings = new Map<string, string>();
  const names = [...NEEDED.map(([name]) => name), 'maxmemory', 'maxmemory-policy'];
  for (const name of names) {
    const reply = (await ask('CONFIG', 'GET', name).catch((error: unknown) => {
      throw new StorageRefused(
        `this Redis does not say how it is set (CONFIG GET): ${(error as Error).message}`,
      );
    })) as readonly string[];
    settings.set(name, reply[1] ?? '');
  }
  for (const [name, needed, otherwise] of NEEDED) {
    if (settings.get(name) === needed) continue;
    throw new StorageRefused(
      `${name} is “${settings.get(name)}” on this Redis, so ${otherwise}: set it to ${needed}`,
    );
  }
  if (settings.get('maxmemory') !== '0' && settings.get('maxmemory-policy') !== 'noeviction') {
    throw new StorageRefused(
      `maxmemory-policy is “${settings.get('maxmemory-policy')}” on this Redis, so it would throw messages away when it ` +
        'is full: set it to noeviction',
    );
  }
};
