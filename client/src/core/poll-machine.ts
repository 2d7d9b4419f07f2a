import { backoffMs } from './backoff.js';

/**
 * The poll loop as a pure machine: events in, effects out. Whatever happens, one request is in flight and one timer is set
 * at most, and the next request comes no sooner than the interval after an answer, unless that answer said there is more or
 * had been held until something was new.
 */
export interface PollState {
  readonly phase: 'stopped' | 'waiting' | 'asking';
  /** What is being asked for; an answer to anything else is late. */
  readonly run: string;
  /** Numbers requests and timers, so that late ones are known for what they are. */
  readonly serial: number;
  readonly askedAt: number;
  readonly notBefore: number;
  readonly failures: number;
}

/** `now` is in milliseconds, and never runs backwards. */
export type PollEvent<T> =
  | { readonly type: 'started'; readonly run: string; readonly now: number; readonly fresh: boolean }
  | { readonly type: 'stopped' }
  | { readonly type: 'due'; readonly serial: number; readonly now: number; readonly random: number }
  | { readonly type: 'nudged'; readonly now: number }
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
  | { readonly type: 'ask'; readonly serial: number; readonly run: string }
  | { readonly type: 'abort' }
  | { readonly type: 'arm'; readonly serial: number; readonly ms: number }
  | { readonly type: 'disarm' }
  | { readonly type: 'deliver'; readonly run: string; readonly answer: T }
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

export const stopped: PollState = {
  phase: 'stopped',
  run: '',
  serial: 0,
  askedAt: 0,
  notBefore: 0,
  failures: 0,
};

const ask = <T>(state: PollState, now: number, { timeoutMs }: PollSettings): Step<T> => {
  const serial = state.serial + 1;
  return [
    { ...state, phase: 'asking', serial, askedAt: now },
    [
      { type: 'ask', serial, run: state.run },
      { type: 'arm', serial, ms: timeoutMs },
    ],
  ];
};

const wait = <T>(state: PollState, ms: number): Step<T> => {
  const serial = state.serial + 1;
  return [{ ...state, phase: 'waiting', serial }, [{ type: 'arm', serial, ms }]];
};

const rest = <T>(state: PollState): PollEffect<T>[] => {
  if (state.phase === 'stopped') return [];
  return state.phase === 'asking' ? [{ type: 'abort' }, { type: 'disarm' }] : [{ type: 'disarm' }];
};

const after = <T>(effects: readonly PollEffect<T>[], [state, more]: Step<T>): Step<T> => [
  state,
  [...effects, ...more],
];

const fail = <T>(
  state: PollState,
  { now, random, retryAfterMs }: { now: number; random: number; retryAfterMs: number },
  { intervalMs }: PollSettings,
): Step<T> => {
  const failures = state.failures + 1;
  const notBefore = now + Math.max(intervalMs, retryAfterMs);
  const ms = Math.max(backoffMs(failures, intervalMs, random), retryAfterMs);
  return after(
    failures === 1 ? [{ type: 'reconnecting', is: true }] : [],
    wait<T>({ ...state, failures, notBefore }, ms),
  );
};

export const step = <T>(state: PollState, event: PollEvent<T>, settings: PollSettings): Step<T> => {
  switch (event.type) {
    case 'started': {
      const { run, now, fresh } = event;
      const begun = { ...state, run, notBefore: fresh ? now + settings.intervalMs : now };
      return after(rest(state), fresh ? wait<T>(begun, settings.intervalMs) : ask<T>(begun, now, settings));
    }
    case 'stopped':
      return [
        { ...state, phase: 'stopped', run: '', failures: 0 },
        state.failures > 0 ? [...rest<T>(state), { type: 'reconnecting', is: false }] : rest<T>(state),
      ];
    case 'due': {
      if (event.serial !== state.serial || state.phase === 'stopped') return [state, []];
      if (state.phase === 'asking')
        return after([{ type: 'abort' }], fail<T>(state, { ...event, retryAfterMs: 0 }, settings));
      const early = state.notBefore - event.now;
      return early > 0 ? wait(state, early) : ask(state, event.now, settings);
    }
    case 'nudged': {
      if (state.phase === 'waiting') {
        return after([{ type: 'disarm' }], wait<T>(state, Math.max(0, state.notBefore - event.now)));
      }
      const stale = state.phase === 'asking' && event.now - state.askedAt >= settings.staleMs;
      return stale ? after(rest(state), ask<T>(state, event.now, settings)) : [state, []];
    }
    case 'answered': {
      if (event.serial !== state.serial || state.phase !== 'asking') return [state, []];
      const ms = event.more
        ? 0
        : event.held
          ? Math.max(0, state.askedAt + settings.heldMs - event.now)
          : settings.intervalMs;
      const connected: PollEffect<T>[] = state.failures > 0 ? [{ type: 'reconnecting', is: false }] : [];
      const [then, armed] = wait<T>({ ...state, failures: 0, notBefore: event.now + ms }, ms);
      // Delivered last: should what it brings fail to be shown, the loop goes on.
      const { run } = state;
      return [
        then,
        [{ type: 'disarm' }, ...connected, ...armed, { type: 'deliver', run, answer: event.answer }],
      ];
    }
    case 'failed':
      if (event.serial !== state.serial || state.phase !== 'asking') return [state, []];
      return after([{ type: 'disarm' }], fail<T>(state, event, settings));
  }
};
