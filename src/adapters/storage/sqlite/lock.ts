import { isBusy, openDatabase } from './database.js';
import { makeFile } from './owner-only.js';

/**
 * Holds a lock that ends with this process, however it ends: the operating system's, which SQLite takes on a file of its
 * own beside the other, so that whoever only reads or backs up the file itself still can.
 * @returns what gives it up, or null where another process holds it
 */
export const lockOut = (path: string): (() => void) | null => {
  makeFile(`${path}-lock`);
  const lock = openDatabase(`${path}-lock`, 0);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return () => lock.close();
};
