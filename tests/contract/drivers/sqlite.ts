import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartDriver } from '../driver.js';

/** Linux keeps this in memory, where waiting for the disk costs nothing; what outlives a process does so here too. */
const IN_MEMORY = '/dev/shm';

const baseFolder = (): string => {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    return IN_MEMORY;
  } catch {
    return tmpdir();
  }
};

/** A folder a place. */
export const start: StartDriver = async () => ({
  async freshPlace() {
    const folder = await mkdtemp(join(baseFolder(), 'parlour-contract-'));
    return {
      address: `sqlite:${join(folder, 'parlour.db')}`,
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
});
