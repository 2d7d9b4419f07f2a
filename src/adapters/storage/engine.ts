import type { Archive } from '../../application/archive.js';
import type { Hints, PresenceExchange, Storage } from '../../application/ports.js';

/** What an engine is: how a maintainer puts another storage underneath. */
export interface Engine {
  /** What the engine's addresses begin with: `sqlite` for `sqlite:./data/parlour.db`. */
  readonly scheme: string;
  readonly capabilities: Capabilities;
  /**
   * Opens what the address names, and brings what is stored there up to date.
   * @throws {StorageRefused} where it must not, or cannot, be used
   */
  open(address: string, how?: Opening): Promise<OpenedStorage>;
}

/** What else can be wanted of opening. */
export interface Opening {
  /**
   * Beside the process that has it open, also where only one may: for its archive, by which a backup is made or restored
   * while the server runs.
   */
  readonly beside?: boolean;
  /** Nothing is made where there is nothing: an address with a slip in it is refused. */
  readonly existing?: boolean;
}

export interface OpenedStorage extends Storage {
  /** All that is stored, to be read out and written in: for backups, and for moving to another engine. */
  readonly archive: Archive;
  /**
   * How processes that share this storage tell each other whom they saw; an engine that is not shared leaves it out. Who
   * is online is made of it by `adapters/presence`: two adapters never know each other, and `house.ts` joins them.
   */
  readonly exchange?: PresenceExchange;
  /** So that polls that are held elsewhere hear of a write at once; without it, when storage is next asked: about once a second. */
  readonly hints?: Hints;
}

export interface Capabilities {
  /** What was committed is there again after `kill -9` or a power cut. */
  readonly durable: boolean;
  /** Other processes may use the same storage at the same time. */
  readonly shared: boolean;
}

/** Why the server does not start on this storage; the message tells the person who runs it what to do. */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused';
}

/** Storage does not answer now; what was asked may or may not have been done. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}
