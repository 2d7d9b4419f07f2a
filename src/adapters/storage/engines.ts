import { StorageRefused, type Engine } from './engine.js';

/** The engines, a line each. They are loaded when they are asked for, so that nobody waits for what is not used. */
export const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  memory: async () => (await import('./memory/memory-engine.js')).memoryEngine,
  postgres: async () => (await import('./postgres/postgres-engine.js')).postgresEngine,
  sqlite: async () => (await import('./sqlite/sqlite-engine.js')).sqliteEngine,
};

/** Other words for the same engine, as some services and tools spell its addresses. */
const OTHER_WORDS: Readonly<Record<string, string>> = { postgresql: 'postgres' };

/**
 * The engine that an address names by its scheme.
 * @throws {StorageRefused} where there is none of that name
 */
export const engineFor = async (address: string): Promise<Engine> => {
  const scheme = address.slice(0, Math.max(0, address.indexOf(':')));
  const name = Object.hasOwn(OTHER_WORDS, scheme) ? OTHER_WORDS[scheme]! : scheme;
  const load = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (load === undefined) {
    const known = [...Object.keys(engines), ...Object.keys(OTHER_WORDS)].sort();
    throw new StorageRefused(`no storage engine is named “${scheme}”; there are ${known.join(', ')}`);
  }
  return load();
};
