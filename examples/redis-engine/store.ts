import type { Connection, Reply } from './connection.js';
import type { Range } from './keys.js';
import { COMMIT, KEEP_LOCK, PARTS, READ } from './scripts.js';

/** How long one view can be read, in milliseconds: so long the past is kept. */
export const PAST_KEPT_MS = 30_000;
/** How long the past is held on to, or writers are kept out, by a process that says nothing any more, in milliseconds. */
const HELD_MS = 15_000;

export type Cell = readonly [key: string, value: string];
export interface Scan extends Range {
  readonly limit: number;
  readonly backwards?: boolean;
}
export interface Question {
  readonly keys?: readonly string[];
  readonly scans?: readonly Scan[];
}
export interface Answer {
  /** The number of the commit that was the last when this was so. */
  readonly at: string;
  readonly values: readonly (string | null)[];
  readonly scans: readonly (readonly Cell[])[];
}

/** What a transaction has read, and is to be stored if that is still so. */
export interface Change {
  readonly at: string | null;
  readonly keys: readonly string[];
  readonly ranges: readonly Range[];
  /** Null removes. */
  readonly writes: ReadonlyMap<string, string | null>;
  /** The lock that this writer holds, if it does. */
  readonly lock?: string;
}

/** `conflict`: what was read has changed. `locked`: another keeps all writers out. `lost`: the lock is not held any more. */
export type Committed = 'ok' | 'conflict' | 'locked' | 'lost';

const cells = (reply: Reply): Cell[] => {
  const flat = reply as readonly string[];
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]);
};

/** The ordered map that all is kept in, as it is now and as it was a while ago. */
export class Store {
  private readonly parts: readonly string[];

  constructor(
    private readonly connection: Connection,
    prefix: string,
    private readonly pastKeptMs: number,
  ) {
    this.parts = PARTS.map((part) => `{${prefix}}:${part}`);
  }

  /** @param at the view to read, or null for all that is acknowledged now */
  async read(at: string | null, { keys = [], scans = [] }: Question): Promise<Answer> {
    const asked = [
      ...keys.flatMap((key) => ['g', key]),
      ...scans.flatMap(({ from, to, limit, backwards }) => [
        's',
        from,
        to,
        String(limit),
        backwards ? '1' : '0',
      ]),
    ];
    const reply = (await this.connection.run(READ, this.parts, [at ?? '', ...asked])) as readonly Reply[];
    return {
      at: reply[0] as string,
      values: reply.slice(1, 1 + keys.length) as (string | null)[],
      scans: reply.slice(1 + keys.length).map(cells),
    };
  }

  async commit({ at, keys, ranges, writes, lock }: Change): Promise<Committed> {
    const reply = await this.connection.run(COMMIT, this.parts, [
      at ?? '',
      lock ?? '',
      String(this.pastKeptMs),
      String(keys.length),
      ...keys,
      String(ranges.length),
      ...ranges.flatMap(({ from, to }) => [from, to]),
      ...[...writes].flatMap(([key, value]) => [key, value ?? '']),
    ]);
    return String(reply).toLowerCase() as Committed;
  }

  /** Takes the writers' lock, unless another holds it. */
  async lock(name: string): Promise<boolean> {
    return (await this.connection.ask('SET', this.part('lock'), name, 'NX', 'PX', String(HELD_MS))) === 'OK';
  }

  /** Makes the lock last, or lets it go; whether it was held. */
  async keepLock(name: string, go = false): Promise<boolean> {
    const ms = go ? '0' : String(HELD_MS);
    return (await this.connection.run(KEEP_LOCK, [this.part('lock')], [name, ms])) === 1;
  }

  /** Keeps the past from being dropped, for a while. */
  async hold(): Promise<void> {
    await this.connection.ask('SET', this.part('held'), '1', 'PX', String(HELD_MS));
  }

  private part(name: (typeof PARTS)[number]): string {
    return this.parts[PARTS.indexOf(name)]!;
  }
}

/** How often what is held is to be held anew, in milliseconds. */
export const HOLD_AGAIN_MS = HELD_MS / 5;
