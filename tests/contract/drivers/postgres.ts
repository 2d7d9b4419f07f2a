import { newPlace, stopOwnServer } from '../../support/postgres-places.js';
import type { StartDriver } from '../driver.js';

/** A schema a place, on a server of the test's own or the one that POSTGRES_URL names. */
export const start: StartDriver = async () => ({ freshPlace: newPlace, end: stopOwnServer });
