import { StorageRefused, type Engine } from './engine.js';

/** The engines, a line each. They are loaded when they are asked for, so that nobody waits for what is not used. */
export const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  memory: async () => (await import('./memory/memory-engine.js')).memoryEngine,
  postgres: async () => (await import('./postgres/postgres-engine.js')).postgresEngine,
  sqlite: async () => (await import('./sqlite/sqlite-engine.js')).sqliteEngine,
};

/**
 * The engine that an address names by its scheme.
 * @throws {StorageRefused} where there is none of that name
 */
export const engineFor = async (address: string): Promise<Engine> => {
  const scheme = address.slice(0, Math.max(0, address.indexOf(':')));
  const load = Object.hasOwn(engines, scheme) ? engines[scheme] : undefined;
  if (load === undefined) {
    throw new StorageRefused(
      `no storage engine is named “${scheme}”; there are ${Object.keys(engines).join(', ')}`,
    );
  }
  return load();
};
