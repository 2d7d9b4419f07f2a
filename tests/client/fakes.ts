import type { Entry, Updates } from '../../client/src/core/wire.js';
import type { Clock } from '../../client/src/ports/clock.js';

/** Chance that can be repeated (mulberry32). */
export const chance = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

/** Time that passes when it is told to. */
export const fakeClock = () => {
  let now = 0;
  let behind = 0;
  let timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    today: () => now - behind,
    random: () => 0.5,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
  };
  return {
    clock,
    timers: () => timers.length,
    /** Somebody sets the clock on the wall: only what is told by it is earlier. */
    setBack(ms: number) {
      behind += ms;
    },
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        await settled();
        const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = end;
      await settled();
    },
  };
};

/** Everything that was promised and can be kept now has been. */
export const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
};

export const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  seq,
  kind: 'message',
  author: 'alice',
  guest: false,
  text: `text ${seq}`,
  at: new Date(Date.UTC(2026, 0, 5, 12, 0, seq)).toISOString(),
  ...more,
});

/** What a server that keeps first to last answers to a poll after that cursor. */
export const answer = (
  { epoch = 'one', first = 1, last }: { epoch?: string; first?: number; last: number },
  asked: { epoch: string; cursor: number },
): Updates => {
  const base = { epoch, first, last };
  const range = (from: number) =>
    Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => entry(from + at));
  if (asked.epoch !== epoch || asked.cursor > last) return { ...base, entries: range(first), reset: true };
  const missed = first - 1 - asked.cursor;
  return missed > 0
    ? { ...base, entries: range(first), missed }
    : { ...base, entries: range(asked.cursor + 1) };
};
