import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';

/*
 * What is stored is nobody else's business: password hashes, sessions, messages. What is there already stays as whoever runs
 * the server has set it, for a group that makes backups perhaps.
 */
const FOLDER = 0o700;
const FILE = 0o600;

/** Makes a folder, and those above it that are not there, for their owner alone. */
export const makeFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: FOLDER });
};

/**
 * Makes an empty file for its owner alone, before SQLite would for everybody; to those that it puts beside (`-wal`, `-shm`) it
 * gives the same mode. One that is there is not even opened: to close it would give up all locks that this process has on it.
 */
export const makeFile = (path: string): void => {
  if (!existsSync(path)) closeSync(openSync(path, 'a', FILE));
};
