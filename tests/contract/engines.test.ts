import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { contractFor, runCase } from './contract.js';
import type { Driver, StartDriver, Unavailable } from './driver.js';
import { enrolled } from './enrolled.js';

const startDriver = async (scheme: string): Promise<Driver | Unavailable | null> => {
  if (!existsSync(new URL(`./drivers/${scheme}.ts`, import.meta.url))) return null;
  const { start } = (await import(`./drivers/${scheme}.js`)) as { start: StartDriver };
  return start();
};

for (const [scheme, load] of Object.entries(enrolled)) {
  const driver = await startDriver(scheme);
  const engine = await load();

  describe(`${scheme}:`, () => {
    test('the engine is registered under its own scheme', () => {
      expect(engine.scheme).toBe(scheme);
    });

    if (driver === null) {
      test(`the engine has a driver, tests/contract/drivers/${scheme}.ts`, () => {
        throw new Error('an engine that nobody can try is not one to rely on');
      });
      return;
    }
    if ('unavailable' in driver) {
      test.skip(`left out: ${driver.unavailable}`, () => undefined);
      return;
    }

    for (const rule of contractFor(engine)) test(rule.name, () => runCase(engine, driver, rule));

    afterAll(() => driver.end?.());
  });
}
