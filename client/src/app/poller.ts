import { step, stopped, type PollEffect, type PollEvent, type PollSettings } from '../core/poll-machine.js';
import type { Clock } from '../ports/clock.js';

/** `failed` is for what may pass; an answer that decides something is an answer, whatever it says. */
export type Heard<T> =
  | { readonly answer: T; readonly more?: boolean; readonly held?: boolean }
  | { readonly failed: true; readonly retryAfterMs: number };

export interface Poller {
  /** Stops what was asked before. `fresh`: what is known is new, so the first request waits its turn. */
  readonly start: (run: string, fresh?: boolean) => void;
  readonly stop: () => void;
  /** Ask as soon as may be: the page is seen again, or another tab gave a hint. */
  readonly nudge: () => void;
}

export interface PollerNeeds<T> {
  readonly clock: Clock;
  readonly settings: () => PollSettings;
  readonly ask: (run: string, signal: AbortSignal) => Promise<Heard<T>>;
  readonly deliver: (run: string, answer: T) => void;
  readonly reconnecting: (is: boolean) => void;
}

/** Carries out what the poll machine decides; it decides nothing itself. */
export const createPoller = <T>(needs: PollerNeeds<T>): Poller => {
  const { clock } = needs;
  let state = stopped;
  let abort = new AbortController();
  let disarm = () => {};
  const queue: PollEvent<T>[] = [];
  let busy = false;

  const carryOut = (effect: PollEffect<T>): void => {
    switch (effect.type) {
      case 'ask':
        abort = new AbortController();
        void ask(effect.serial, effect.run, abort.signal);
        return;
      case 'abort':
        return abort.abort();
      case 'arm':
        disarm = clock.after(effect.ms, () =>
          happen({ type: 'due', serial: effect.serial, now: clock.now(), random: clock.random() }),
        );
        return;
      case 'disarm':
        return disarm();
      case 'deliver':
        return needs.deliver(effect.run, effect.answer);
      case 'reconnecting':
        return needs.reconnecting(effect.is);
    }
  };

  /** What happens while an effect is carried out waits until all of them are. */
  const happen = (event: PollEvent<T>): void => {
    queue.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let one = queue.shift(); one; one = queue.shift()) {
        const [then, effects] = step(state, one, needs.settings());
        state = then;
        effects.forEach(carryOut);
      }
    } finally {
      busy = false;
    }
  };

  const ask = async (serial: number, run: string, signal: AbortSignal): Promise<void> => {
    const heard = await needs.ask(run, signal);
    const now = clock.now();
    if ('failed' in heard) {
      const { retryAfterMs } = heard;
      happen({ type: 'failed', serial, now, random: clock.random(), retryAfterMs });
    } else {
      const { answer, more = false, held = false } = heard;
      happen({ type: 'answered', serial, now, answer, more, held });
    }
  };

  return {
    start: (run, fresh = false) => happen({ type: 'started', run, now: clock.now(), fresh }),
    stop: () => happen({ type: 'stopped' }),
    nudge: () => happen({ type: 'nudged', now: clock.now() }),
  };
};
