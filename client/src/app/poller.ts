import { step, stopped, type PollEffect, type PollEvent, type PollSettings } from '../core/poll-machine.js';
import type { Clock } from '../ports/clock.js';

/** `failed` is for what may pass; an answer that decides something is an answer, whatever it says. */
export type Heard =
  | { readonly show: () => void; readonly more?: boolean; readonly held?: boolean }
  | { readonly failed: true; readonly retryAfterMs: number };

export type Request = (signal: AbortSignal) => Promise<Heard>;

export interface Poller {
  /** Stops what was asked before. `fresh`: what is known is new, so the first request waits its turn. */
  readonly start: (request: Request, fresh?: boolean) => void;
  readonly stop: () => void;
  /** Ask as soon as may be: the page is seen again, or another tab gave a hint. `anew`: whatever is being asked is outdated. */
  readonly nudge: (anew?: boolean) => void;
}

export interface PollerNeeds {
  readonly clock: Clock;
  readonly settings: () => PollSettings;
  readonly reconnecting: (is: boolean) => void;
}

/** Carries out what the poll machine decides; it decides nothing itself. */
export const createPoller = ({ clock, settings, reconnecting }: PollerNeeds): Poller => {
  let state = stopped;
  let request: Request;
  let inFlight: AbortController | null = null;
  let disarm = () => {};
  const queue: PollEvent<() => void>[] = [];
  let busy = false;

  const carryOut = (effect: PollEffect<() => void>): void => {
    switch (effect.type) {
      case 'release':
        inFlight?.abort();
        return disarm();
      case 'ask':
        void ask(effect.serial);
        return;
      case 'arm':
        disarm = clock.after(effect.ms, () =>
          happen({ type: 'due', serial: effect.serial, now: clock.now(), random: clock.random() }),
        );
        return;
      case 'deliver':
        return effect.answer();
      case 'reconnecting':
        return reconnecting(effect.is);
    }
  };

  /** What happens while an effect is carried out waits until all of them are. */
  const happen = (event: PollEvent<() => void>): void => {
    queue.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let one = queue.shift(); one; one = queue.shift()) {
        const [then, effects] = step(state, one, settings());
        state = then;
        effects.forEach(carryOut);
      }
    } finally {
      busy = false;
    }
  };

  const ask = async (serial: number): Promise<void> => {
    const mine = (inFlight = new AbortController());
    const heard = await request(mine.signal);
    // Whoever still reads a copy of the answer is not to be cut short.
    if (inFlight === mine) inFlight = null;
    const now = clock.now();
    if ('failed' in heard) {
      const { retryAfterMs } = heard;
      happen({ type: 'failed', serial, now, random: clock.random(), retryAfterMs });
    } else {
      const { show, more = false, held = false } = heard;
      happen({ type: 'answered', serial, now, answer: show, more, held });
    }
  };

  return {
    start(what, fresh = false) {
      request = what;
      happen({ type: 'started', now: clock.now(), fresh });
    },
    stop: () => happen({ type: 'stopped' }),
    nudge: (anew = false) => happen({ type: 'nudged', now: clock.now(), anew }),
  };
};
