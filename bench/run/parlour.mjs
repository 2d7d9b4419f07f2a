import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './processes.mjs';

let folder = null;

/** A folder of this run, gone when it ends. */
export const scratch = () => {
  if (folder === null) {
    folder = mkdtempSync(join(tmpdir(), 'parlour-bench-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return folder;
};

let files = 0;

/** The address of a file that there is not yet. */
export const newSqlite = () => `sqlite:${join(scratch(), `${(files += 1)}.db`)}`;

/**
 * As it runs for users, but for two things: nobody is told to slow down, and whoever is quiet stays online, so that an idle
 * poll stays idle however long the others are measured.
 */
const SETTINGS = { PORT: '0', RATE_LIMITS: 'off', ONLINE_TTL_MS: '3600000', LOG_LEVEL: 'warn' };

/** @param settings environment, beyond what every measurement has; `how` as `serve` takes it */
export const serveParlour = (storage, settings = {}, how = {}) =>
  serve('dist/server/main.js', { ...SETTINGS, STORAGE: storage, ...settings }, how);
