import type { Progress } from './application/moving/copy-store.js';

/** How often progress is told, at most, in milliseconds. */
const EVERY_MS = 1000;

const shown = (count: number): string => count.toLocaleString('en');

/** Tells progress in lines: one when something else begins, one a second, and one at its end. */
export const tellProgress = (
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): Progress => {
  let current = '';
  let done = 0;
  let toldAt = 0;
  return (doing, more, total) => {
    const isNew = doing !== current;
    if (isNew) [current, done] = [doing, 0];
    done += more;
    if (!isNew && done !== total && now() - toldAt < EVERY_MS) return;
    toldAt = now();
    const of = total === null ? '' : ` of ${shown(total)}`;
    write(done === 0 ? `${doing}\n` : `${doing}: ${shown(done)}${of}\n`);
  };
};
