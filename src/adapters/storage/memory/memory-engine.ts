import type { Engine } from '../engine.js';
import { MemoryStorage } from './memory-storage.js';

/** Everything in this process, and gone with it: for trying out, for tests, and as the simplest example of an engine. */
export const memoryEngine: Engine = {
  scheme: 'memory',
  capabilities: { durable: false, shared: false },
  open: async () => new MemoryStorage(),
};
