import type { Capabilities, Engine, OpenedStorage, Opening } from '../../src/adapters/storage/engine.js';
import type { Driver, Place } from './driver.js';
import { archives } from './cases/archives.js';
import { handles } from './cases/handles.js';
import { numbering } from './cases/numbering.js';
import { presence } from './cases/presence.js';
import { queries } from './cases/queries.js';
import { races } from './cases/races.js';
import { randomly } from './cases/randomly.js';
import { reopening } from './cases/reopening.js';
import { retention } from './cases/retention.js';
import { rollback } from './cases/rollback.js';
import { sharing } from './cases/sharing.js';
import { states } from './cases/states.js';
import { uniqueness } from './cases/uniqueness.js';
import { visibility } from './cases/visibility.js';

/** What a case works on: storage in which nothing is stored yet. */
export interface Bench {
  readonly storage: OpenedStorage;
  /** What the engine says of itself. */
  readonly capabilities: Capabilities;
  /** Opens the same place once more. */
  openAgain(how?: Opening): Promise<OpenedStorage>;
  /** Opens another place, always the same one, which was not opened before. */
  openElsewhere(how?: Opening): Promise<OpenedStorage>;
}

/** One rule for engines, and what breaks where it does not hold. Plain data, so that it runs without a test runner. */
export interface Case {
  /** The rule, as a sentence. */
  readonly name: string;
  /** Which engines it is for; all of them if it does not say. */
  readonly when?: (has: Capabilities) => boolean;
  run(bench: Bench): Promise<void>;
}

export const everyCase: readonly Case[] = [
  ...numbering,
  ...retention,
  ...rollback,
  ...visibility,
  ...handles,
  ...uniqueness,
  ...queries,
  ...states,
  ...races,
  ...randomly,
  ...reopening,
  ...sharing,
  ...presence,
  ...archives,
];

/** The rules that hold for an engine: all but those about capabilities that it has not. */
export const contractFor = ({ capabilities }: Engine): Case[] =>
  everyCase.filter(({ when }) => when === undefined || when(capabilities));

/** Runs one case against an engine, on a place of its own. */
export const runCase = async (engine: Engine, driver: Driver, { run }: Case): Promise<void> => {
  const place = await driver.freshPlace();
  let elsewhere: Promise<Place> | undefined;
  const opened: OpenedStorage[] = [];
  const openAt = async ({ address }: Place, how?: Opening) => {
    const storage = await engine.open(address, how);
    opened.push(storage);
    return storage;
  };
  const openAgain = (how?: Opening) => openAt(place, how);
  const openElsewhere = async (how?: Opening) => openAt(await (elsewhere ??= driver.freshPlace()), how);
  try {
    await run({ storage: await openAgain(), capabilities: engine.capabilities, openAgain, openElsewhere });
  } finally {
    await Promise.allSettled(opened.map((storage) => storage.close()));
    await place.dispose();
    await (await elsewhere)?.dispose();
  }
};
