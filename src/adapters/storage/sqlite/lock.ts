import { StorageRefused } from '../engine.js';
import { isBusy, openDatabase } from './database.js';

/**
 * Holds a lock that ends with this process, however it ends: the operating system's, which SQLite takes on a file of its
 * own beside the other, so that whoever only reads or backs up the file itself still can.
 * @returns what gives it up
 * @throws {StorageRefused} where another process holds it
 */
export const lockOut = (path: string): (() => void) => {
  const lock = openDatabase(`${path}-lock`, 0);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw isBusy(error)
      ? new StorageRefused(`${path} is in use by another Parlour: one process has it to itself`)
      : error;
  }
  return () => lock.close();
};
