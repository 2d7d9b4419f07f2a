import type { Progress } from './application/copy-store.js';

/** How often progress is told, at most, in milliseconds. */
const EVERY_MS = 1000;

/** Tells progress on standard error: a line when something else begins, and then one a second. */
export const tellProgress = (now: () => number = () => performance.now()): Progress => {
  let current = '';
  let done = 0;
  let toldAt = 0;
  return (doing, more, total) => {
    const isNew = doing !== current;
    if (isNew) [current, done] = [doing, 0];
    done += more;
    const isDone = done === total;
    if (!isNew && !isDone && now() - toldAt < EVERY_MS) return;
    toldAt = now();
    const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
    process.stderr.write(`${doing}${done === 0 ? '' : `: ${done.toLocaleString('en')}${of}`}\n`);
  };
};
