const LONGEST_MS = 30_000;

/**
 * How long to wait after the nth failure in a row, in milliseconds: twice as long each time, up to 30 s, spread at random so
 * that clients that failed together do not return together.
 * @param random from 0 to 1
 */
export const backoffMs = (failures: number, intervalMs: number, random: number): number => {
  const longest = Math.max(intervalMs, Math.min(LONGEST_MS, intervalMs * 2 ** Math.min(failures, 20)));
  return Math.max(intervalMs, (longest / 2) * (1 + random));
};
