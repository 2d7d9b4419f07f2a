import type { Pace } from '../../application/ports.js';

export const steadyPace: Pace = {
  now: () => performance.now(),
  later: (ms, work) => {
    if (ms <= 0) setImmediate(work);
    else setTimeout(work, Math.ceil(ms));
  },
};
