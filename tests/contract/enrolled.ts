import { fileURLToPath } from 'node:url';
import type { Engine } from '../../src/adapters/storage/engine.js';
import { engineFromModule, engines } from '../../src/adapters/storage/engines.js';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Engines that are not built into the server, a line each: by scheme, the module that STORAGE_ENGINE would name. */
export const outside: Readonly<Record<string, string>> = {
  redis: at('examples/redis-engine/engine.ts'),
};

/** All engines that the contract suite tries. */
export const enrolled: Readonly<Record<string, () => Promise<Engine>>> = {
  ...engines,
  ...Object.fromEntries(
    Object.entries(outside).map(([scheme, path]) => [scheme, () => engineFromModule(path)]),
  ),
};
