import type { StartDriver } from '../contract/driver.js';
import { outside } from '../contract/enrolled.js';

/** How many places there are: what a driver started is for all of them, and ends with the last. */
let places = 0;

/** Somewhere that nothing has been stored yet, on the engine that TEST_STORAGE names by its scheme. */
export const freshStorage = async (
  fallback: string,
): Promise<{ address: string; engineModule: string; end: () => Promise<void> }> => {
  const scheme = process.env['TEST_STORAGE'] || fallback;
  const { start } = (await import(`../contract/drivers/${scheme}.js`)) as { start: StartDriver };
  const driver = await start();
  if ('unavailable' in driver) throw new Error(`${scheme}: ${driver.unavailable}`);
  const place = await driver.freshPlace();
  places += 1;
  const end = async (): Promise<void> => {
    await place.dispose();
    places -= 1;
    if (places === 0) await driver.end?.();
  };
  return { address: place.address, engineModule: outside[scheme] ?? '', end };
};
