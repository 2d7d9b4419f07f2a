import { isIP } from 'node:net';
import { CAPACITY_MAX, CAPACITY_MIN } from './domain/capacity.js';
import { withoutSecrets } from './shown-as.js';

/** Everything that whoever runs the server can set. Times are milliseconds. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly storage: string;
  /** The module of a storage engine from elsewhere, by its path; null for one that is built in. */
  readonly storageEngine: string | null;
  readonly roomHistory: number;
  readonly roomCapacity: number;
  readonly placeKeptMs: number;
  readonly loginDelayMs: number;
  readonly pollIntervalMs: number;
  readonly pollWaitMs: number;
  readonly onlineTtlMs: number;
  readonly awayTtlMs: number;
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
  readonly rateLimits: boolean;
  readonly trustProxy: boolean;
  readonly insecureHttp: boolean;
  readonly metrics: boolean;
  readonly logLevel: string;
}

/** A setting that cannot be read: which one, its value, and what would do, in one line. */
export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
}

type Environment = Readonly<Record<string, string | undefined>>;

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
/** The longest that a timer of Node can wait. */
const LONGEST = 2 ** 31 - 1;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const refuse = (name: string, value: string, wanted: string): never => {
  throw new SettingRefused(
    `${name}=${JSON.stringify(withoutSecrets(value))} cannot be used: it must be ${wanted}`,
  );
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Reads the settings from the environment; what is not set, or set to nothing, has its default.
 * @throws {SettingRefused} for the first that cannot be read
 */
export const readSettings = (env: Environment): Settings => {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const text = given(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : refuse(name, text, `a whole number from ${min} to ${max}`);
  };
  const oneOf = (name: string, fallback: string, choices: readonly string[]): string => {
    const text = given(name) ?? fallback;
    return choices.includes(text) ? text : refuse(name, text, `one of ${choices.join(', ')}`);
  };
  const onOff = (name: string, fallback: 'on' | 'off') => oneOf(name, fallback, ['on', 'off']) === 'on';
  const matching = (name: string, fallback: string, pattern: RegExp, wanted: string): string => {
    const text = given(name) ?? fallback;
    return pattern.test(text) ? text : refuse(name, text, wanted);
  };

  const settings: Settings = {
    port: whole('PORT', 8080, 0, 65_535),
    host: matching('HOST', '127.0.0.1', /^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address'),
    storage: matching(
      'STORAGE',
      'sqlite:./data/parlour.db',
      /^[a-z][a-z0-9+-]*:/,
      'an address such as memory:, sqlite:./data/parlour.db, postgres://user:password@host/database or postgresql://…',
    ),
    storageEngine:
      matching('STORAGE_ENGINE', '', /^(?!.*:\/\/)/, 'the path of a module, such as ./engine.js') || null,
    roomHistory: whole('ROOM_HISTORY', 100, 1, 100_000),
    roomCapacity: whole('ROOM_CAPACITY', 50, CAPACITY_MIN, CAPACITY_MAX),
    placeKeptMs: whole('PLACE_KEPT_MS', DAY, 0, Number.MAX_SAFE_INTEGER),
    loginDelayMs: whole('LOGIN_DELAY_MS', 0, 0, LONGEST),
    pollIntervalMs: whole('POLL_INTERVAL_MS', SECOND, SECOND, LONGEST),
    pollWaitMs: whole('POLL_WAIT_MS', 0, 0, 60 * SECOND),
    onlineTtlMs: whole('ONLINE_TTL_MS', 5 * SECOND, 1, Number.MAX_SAFE_INTEGER),
    awayTtlMs: whole('AWAY_TTL_MS', 150 * SECOND, 1, Number.MAX_SAFE_INTEGER),
    sessionIdleMs: whole('SESSION_IDLE_MS', 7 * DAY, 1, Number.MAX_SAFE_INTEGER),
    sessionMaxMs: whole('SESSION_MAX_MS', 30 * DAY, 1, Number.MAX_SAFE_INTEGER),
    rateLimits: onOff('RATE_LIMITS', 'on'),
    trustProxy: onOff('TRUST_PROXY', 'off'),
    insecureHttp: onOff('INSECURE_HTTP', 'off'),
    metrics: onOff('METRICS', 'off'),
    logLevel: oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
  };
  if (!isLoopback(settings.host) && !settings.insecureHttp) {
    refuse(
      'HOST',
      settings.host,
      'a loopback address (127.0.0.1, ::1, localhost), because passwords would cross the network in plain HTTP; ' +
        'put a TLS proxy in front, or set INSECURE_HTTP=on if the network is to be trusted',
    );
  }
  return settings;
};
