import type { StartDriver } from '../contract/driver.js';
import { outside } from '../contract/enrolled.js';

/** By scheme. What a driver started is for all places, and ends with the last. */
const drivers = new Map<string, { started: ReturnType<StartDriver>; places: number }>();

const startDriver = async (scheme: string): ReturnType<StartDriver> => {
  const { start } = (await import(`../contract/drivers/${scheme}.js`)) as { start: StartDriver };
  return start();
};

/** Somewhere that nothing has been stored yet, on the engine that TEST_STORAGE names by its scheme. */
export const freshStorage = async (
  fallback: string,
): Promise<{ address: string; engineModule: string; end: () => Promise<void> }> => {
  const scheme = process.env['TEST_STORAGE'] || fallback;
  const driver = drivers.get(scheme) ?? { started: startDriver(scheme), places: 0 };
  drivers.set(scheme, driver);
  driver.places += 1;
  const started = await driver.started;
  if ('unavailable' in started) throw new Error(`${scheme}: ${started.unavailable}`);
  const place = await started.freshPlace();
  const end = async (): Promise<void> => {
    await place.dispose();
    driver.places -= 1;
    if (driver.places > 0) return;
    drivers.delete(scheme);
    await started.end?.();
  };
  return { address: place.address, engineModule: outside[scheme] ?? '', end };
};
