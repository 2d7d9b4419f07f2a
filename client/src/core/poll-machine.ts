import { backoffMs } from './backoff.js';

/**
 * The poll loop as a pure machine: events in, effects out. Whatever happens, one request is in flight and one timer is set
 * at most, and the next request comes no sooner than the interval after an answer, unless that answer said there is more or
 * had been held until something was new, or what is asked for is another thing by now.
 */
export interface PollState {
  readonly phase: 'stopped' | 'waiting' | 'asking';
  /** Numbers requests and timers, so that late ones are known for what they are. */
  readonly serial: number;
  readonly askedAt: number;
  readonly notBefore: number;
  readonly failures: number;
}

/** `now` is in milliseconds, and never runs backwards. */
export type PollEvent<T> =
  | { readonly type: 'started'; readonly now: number; readonly fresh: boolean }
  | { readonly type: 'stopped' }
  | { readonly type: 'due'; readonly serial: number; readonly now: number; readonly random: number }
  /** `anew`: what the request says of its asker is not so any more. */
  | { readonly type: 'nudged'; readonly now: number; readonly anew: boolean }
  | {
      readonly type: 'answered';
      readonly serial: number;
      readonly now: number;
      readonly answer: T;
      readonly more: boolean;
      /** The server kept the request until something was new, or for as long as it was asked to. */
      readonly held: boolean;
    }
  | {
      readonly type: 'failed';
      readonly serial: number;
      readonly now: number;
      readonly random: number;
      readonly retryAfterMs: number;
    };

export type PollEffect<T> =
  /** Give up the request in flight and the timer, if there are. */
  | { readonly type: 'release' }
  | { readonly type: 'ask'; readonly serial: number }
  | { readonly type: 'arm'; readonly serial: number; readonly ms: number }
  | { readonly type: 'deliver'; readonly answer: T }
  | { readonly type: 'reconnecting'; readonly is: boolean };

export interface PollSettings {
  readonly intervalMs: number;
  /** From one request that is held to the next at least: a busy room, or a server that holds nothing, makes no burst. */
  readonly heldMs: number;
  /** When a request counts as lost. */
  readonly timeoutMs: number;
  /** How old a request must be for a nudge to give up on it: it may have been sent before the machine slept. */
  readonly staleMs: number;
}

type Step<T> = readonly [PollState, readonly PollEffect<T>[]];

export const stopped: PollState = { phase: 'stopped', serial: 0, askedAt: 0, notBefore: 0, failures: 0 };

const ask = <T>(state: PollState, now: number, { timeoutMs }: PollSettings): Step<T> => {
  const serial = state.serial + 1;
  return [
    { ...state, phase: 'asking', serial, askedAt: now },
    [{ type: 'release' }, { type: 'ask', serial }, { type: 'arm', serial, ms: timeoutMs }],
  ];
};

const wait = <T>(state: PollState, ms: number): Step<T> => {
  const serial = state.serial + 1;
  return [{ ...state, phase: 'waiting', serial }, [{ type: 'release' }, { type: 'arm', serial, ms }]];
};

const fail = <T>(
  state: PollState,
  { now, random, retryAfterMs }: { now: number; random: number; retryAfterMs: number },
  { intervalMs }: PollSettings,
): Step<T> => {
  const failures = state.failures + 1;
  const notBefore = now + Math.max(intervalMs, retryAfterMs);
  const ms = Math.max(backoffMs(failures, intervalMs, random), retryAfterMs);
  const [then, armed] = wait<T>({ ...state, failures, notBefore }, ms);
  return [then, failures === 1 ? [...armed, { type: 'reconnecting', is: true }] : armed];
};

const reconnected = <T>({ failures }: PollState): PollEffect<T>[] =>
  failures > 0 ? [{ type: 'reconnecting', is: false }] : [];

export const step = <T>(state: PollState, event: PollEvent<T>, settings: PollSettings): Step<T> => {
  switch (event.type) {
    case 'started': {
      const { now, fresh } = event;
      return fresh
        ? wait({ ...state, notBefore: now + settings.intervalMs }, settings.intervalMs)
        : ask({ ...state, notBefore: now }, now, settings);
    }
    case 'stopped':
      return [{ ...state, phase: 'stopped', failures: 0 }, [{ type: 'release' }, ...reconnected<T>(state)]];
    case 'due': {
      if (event.serial !== state.serial || state.phase === 'stopped') return [state, []];
      if (state.phase === 'asking') return fail(state, { ...event, retryAfterMs: 0 }, settings);
      const early = state.notBefore - event.now;
      return early > 0 ? wait(state, early) : ask(state, event.now, settings);
    }
    case 'nudged': {
      const { now, anew } = event;
      let { notBefore } = state;
      if (state.phase === 'asking') {
        if (now - state.askedAt >= (anew ? settings.heldMs : settings.staleMs))
          return ask(state, now, settings);
        if (!anew) return [state, []];
        notBefore = state.askedAt + settings.heldMs;
      }
      if (state.phase === 'stopped') return [state, []];
      return wait({ ...state, notBefore }, Math.max(0, notBefore - now));
    }
    case 'answered': {
      if (event.serial !== state.serial || state.phase !== 'asking') return [state, []];
      const ms = event.more
        ? 0
        : event.held
          ? Math.max(0, state.askedAt + settings.heldMs - event.now)
          : settings.intervalMs;
      const [then, armed] = wait<T>({ ...state, failures: 0, notBefore: event.now + ms }, ms);
      // Delivered last: should what it brings fail to be shown, the loop goes on.
      return [then, [...armed, ...reconnected<T>(state), { type: 'deliver', answer: event.answer }]];
    }
    case 'failed':
      if (event.serial !== state.serial || state.phase !== 'asking') return [state, []];
      return fail(state, event, settings);
  }
};
