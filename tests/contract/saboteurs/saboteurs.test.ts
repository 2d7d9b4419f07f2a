import { expect, test } from '@jest/globals';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import { contractFor, runCase, type Case } from '../contract.js';
import type { Driver } from '../driver.js';
import { start as startMemory } from '../drivers/memory.js';
import { start as startSqlite } from '../drivers/sqlite.js';
import { memoryEngine, sharedEngine, sqliteEngine } from './sabotage.js';
import { saboteurs } from './saboteurs.js';

let places = 0;
const shared: Driver = {
  freshPlace: async () => ({ address: `shared:${(places += 1)}`, dispose: async () => undefined }),
};

const drivers: Readonly<Record<string, Driver>> = {
  memory: (await startMemory()) as Driver,
  sqlite: (await startSqlite()) as Driver,
  shared,
};

/** What a case says against an engine, or null where it finds nothing wrong. */
const complaint = async (engine: Engine, rule: Case): Promise<unknown> => {
  try {
    await runCase(engine, drivers[engine.scheme]!, rule);
    return null;
  } catch (error) {
    return error;
  }
};

/** What `expect` throws: it is not exported to tests. */
const failure = await expect(Promise.resolve())
  .rejects.toThrow()
  .catch((error: Error) => error);
const isFailedExpectation = (said: unknown): boolean => said?.constructor === failure!.constructor;

test('a saboteur that fails by a slip of its own is not taken for caught', () => {
  expect(isFailedExpectation(new TypeError('undefined is not a function'))).toBe(false);
  expect(isFailedExpectation(new Error('a slip'))).toBe(false);
});

test.each(saboteurs)('an engine that $does is caught: “$caughtBy”', async ({ engine, caughtBy, saying }) => {
  const rule = contractFor(engine).find(({ name }) => name === caughtBy);
  if (rule === undefined) throw new Error(`there is no such rule for ${engine.scheme} engines`);
  const said = await complaint(engine, rule);
  if (said === null) throw new Error('nothing was found wrong');
  const isCaught = saying === undefined ? isFailedExpectation(said) : (said as Error).message === saying;
  if (!isCaught) throw new Error('what was found is another error, perhaps its own slip', { cause: said });
});

test.each([memoryEngine, sqliteEngine, sharedEngine({ durable: false, shared: true })])(
  'the sound $scheme engine, of which saboteurs are made, is not complained of',
  async (engine) => {
    for (const rule of contractFor(engine)) {
      expect({ rule: rule.name, said: await complaint(engine, rule) }).toEqual({
        rule: rule.name,
        said: null,
      });
    }
  },
);
