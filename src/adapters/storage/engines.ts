import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StorageRefused, type Engine } from './engine.js';
import { materials, type EngineFrom } from './materials.js';

/** The engines, a line each. They are loaded when they are asked for, so that nobody waits for what is not used. */
export const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  memory: async () => (await import('./memory/memory-engine.js')).memoryEngine,
  postgres: async () => (await import('./postgres/postgres-engine.js')).postgresEngine,
  sqlite: async () => (await import('./sqlite/sqlite-engine.js')).sqliteEngine,
};

/** Other words for the same engine, as some services and tools spell its addresses. */
const OTHER_WORDS: Readonly<Record<string, string>> = { postgresql: 'postgres' };

/**
 * An engine that is not among these, from the module that exports it as `engine`.
 * @param path from the folder that the server was started in
 * @throws {StorageRefused} where there is no such module, or no engine in it
 */
export const engineFromModule = async (path: string): Promise<Engine> => {
  const named = `the module ${path} that STORAGE_ENGINE names`;
  const module = (await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw new StorageRefused(
      `${named} cannot be loaded: ${(error as Error).message}; set the path of a compiled one`,
      { cause: error },
    );
  })) as { readonly engine?: EngineFrom };
  if (typeof module.engine !== 'function') {
    throw new StorageRefused(`${named} exports no function named engine; set that of an engine`);
  }
  const engine = module.engine(materials) as Partial<Engine> | undefined;
  if (typeof engine?.scheme !== 'string' || !engine.capabilities || typeof engine.open !== 'function') {
    throw new StorageRefused(
      `${named} exports as engine what returns none; it must have scheme, capabilities and open`,
    );
  }
  return engine as Engine;
};

const schemeOf = (address: string): string => address.slice(0, Math.max(0, address.indexOf(':')));

/** @throws {StorageRefused} where none of that name is here */
const builtIn = async (scheme: string): Promise<Engine> => {
  const name = Object.hasOwn(OTHER_WORDS, scheme) ? OTHER_WORDS[scheme]! : scheme;
  const load = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (load === undefined) {
    const known = [...Object.keys(engines), ...Object.keys(OTHER_WORDS)].sort().join(', ');
    throw new StorageRefused(
      `no storage engine is named “${scheme}”; there are ${known}, and what STORAGE_ENGINE names`,
    );
  }
  return load();
};

/**
 * The engine that an address names by its scheme.
 * @param modulePath of the module that the engine is taken from, or null for one of those that are here
 * @throws {StorageRefused} where there is none of that name
 */
export const engineFor = async (address: string, modulePath: string | null = null): Promise<Engine> => {
  const scheme = schemeOf(address);
  if (modulePath === null) return builtIn(scheme);
  const engine = await engineFromModule(modulePath);
  if (engine.scheme === scheme) return engine;
  throw new StorageRefused(
    `the module ${modulePath} that STORAGE_ENGINE names is the engine “${engine.scheme}”, and not “${scheme}”; set both to the same, or only STORAGE`,
  );
};

/**
 * The same where there is more than one address: the module's engine for its own scheme, and those that are here for theirs.
 * @throws {StorageRefused}
 */
export const engineAmong = async (address: string, modulePath: string | null): Promise<Engine> => {
  const engine = modulePath === null ? null : await engineFromModule(modulePath);
  return engine?.scheme === schemeOf(address) ? engine : builtIn(schemeOf(address));
};
