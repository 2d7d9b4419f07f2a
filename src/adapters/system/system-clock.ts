import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../application/ports.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms) {
    if (ms > 0) await wait(ms);
  },
};
