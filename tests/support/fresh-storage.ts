import type { StartDriver } from '../contract/driver.js';
import { outside } from '../contract/enrolled.js';

/** Somewhere that nothing has been stored yet, on the engine that TEST_STORAGE names by its scheme. */
export const freshStorage = async (
  fallback: string,
): Promise<{ address: string; engineModule: string; end: () => Promise<void> }> => {
  const scheme = process.env['TEST_STORAGE'] || fallback;
  const { start } = (await import(`../contract/drivers/${scheme}.js`)) as { start: StartDriver };
  const driver = await start();
  if ('unavailable' in driver) throw new Error(`${scheme}: ${driver.unavailable}`);
  const place = await driver.freshPlace();
  const end = async (): Promise<void> => {
    await place.dispose();
    await driver.end?.();
  };
  return { address: place.address, engineModule: outside[scheme] ?? '', end };
};
