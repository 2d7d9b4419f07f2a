import { isPassing, type Answer } from '../ports/api.js';
import type { Clock } from '../ports/clock.js';
import { createPoller } from './poller.js';

/** How long a poll may take before it counts as lost, and how old it must be to be given up when the tab wakes, in ms. */
const TIMEOUT_MS = 15_000;
const STALE_MS = 5_000;
/** From one held poll to the next at least, in ms: with two tabs, well below what the server lets one user ask. */
const HELD_MS = 250;

export interface Pursuit {
  /** Asks, again and again until something else is pursued; failures that may pass are waited out. */
  readonly ask: <T>(
    request: (signal: AbortSignal) => Promise<Answer<T>>,
    hear: (answer: Answer<T>) => void,
    how?: { readonly fresh?: boolean; readonly more?: (body: T) => boolean },
  ) => void;
  readonly stop: () => void;
  readonly nudge: (anew?: boolean) => void;
}

/** The tab's one loop: whatever this tab keeps asking for, it is one thing, with one request in flight. */
export const createPursuit = (
  clock: Clock,
  intervalMs: () => number,
  waitMs: () => number,
  reconnecting: (is: boolean) => void,
): Pursuit => {
  const poller = createPoller({
    clock,
    reconnecting,
    settings: () => ({
      intervalMs: intervalMs(),
      heldMs: HELD_MS,
      timeoutMs: TIMEOUT_MS + waitMs(),
      staleMs: STALE_MS,
    }),
  });
  return {
    ask: (request, hear, { fresh, more } = {}) =>
      poller.start(async (signal) => {
        const answer = await request(signal);
        if (!answer.ok && isPassing(answer)) return { failed: true, retryAfterMs: answer.retryAfterMs };
        return {
          show: () => hear(answer),
          more: answer.ok && more?.(answer.body) === true,
          held: answer.ok && answer.held,
        };
      }, fresh),
    stop: poller.stop,
    nudge: poller.nudge,
  };
};
