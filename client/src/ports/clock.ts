export interface Clock {
  /** Milliseconds, never running backwards, whatever is done to the computer's time. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  readonly random: () => number;
  /** @returns what stops it */
  readonly after: (ms: number, run: () => void) => () => void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  today: () => Date.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
