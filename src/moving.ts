import { JsonBackupFile } from './adapters/backup/json-backup-file.js';
import { StorageRefused, type Engine, type OpenedStorage, type Opening } from './adapters/storage/engine.js';
import { engineAmong, engineFor } from './adapters/storage/engines.js';
import { randomIds } from './adapters/system/random-ids.js';
import { sha256Tokens } from './adapters/system/sha256-tokens.js';
import { BackUp } from './application/moving/back-up.js';
import { CopyStore, type Progress } from './application/moving/copy-store.js';
import { Restore } from './application/moving/restore.js';
import type { Settings } from './settings.js';
import { shownAs } from './shown-as.js';

/** Opens a storage for as long as the work takes. */
const using = async <T>(
  engine: Engine,
  address: string,
  how: Opening,
  work: (storage: OpenedStorage) => Promise<T>,
): Promise<T> => {
  const shown = shownAs(address);
  if (!engine.capabilities.durable) {
    throw new StorageRefused(
      `${shown} is in a process’s memory, and gone with it: nothing can be moved to or from it`,
    );
  }
  let storage: OpenedStorage;
  try {
    storage = await engine.open(address, how);
  } catch (error) {
    if (!(error instanceof StorageRefused)) throw error;
    throw new StorageRefused(`${shown} cannot be used: ${error.message}`, { cause: error });
  }
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
};

/** Where a server would have its storage. */
export type Kept = Pick<Settings, 'storage' | 'storageEngine'>;

/**
 * Copies all that is stored at one address to another.
 * @param module of an engine that is not among those that are here: it serves its own scheme, on whichever side that is
 * @returns how many records there are now
 * @throws {StorageRefused}, {MoveRefused}, {StorageUnavailable} where it goes away in the midst: run again, it goes on
 */
export const copyStore = async (
  from: string,
  to: string,
  module: string | null,
  progress: Progress,
): Promise<number> => {
  const [ofSource, ofTarget] = [await engineAmong(from, module), await engineAmong(to, module)];
  return using(ofSource, from, { existing: true }, (source) =>
    using(ofTarget, to, {}, (target) =>
      new CopyStore(sha256Tokens, progress).execute(
        { archive: source.archive, name: shownAs(from) },
        { archive: target.archive, name: shownAs(to) },
      ),
    ),
  );
};

/**
 * Backs up all that is stored at an address into a file, beside the server that may be running on it.
 * @param signal gives it up
 * @returns how many records the file holds
 * @throws {StorageRefused}, {MoveRefused}, {StorageUnavailable}
 */
export const backUp = async (
  { storage, storageEngine }: Kept,
  path: string,
  signal: AbortSignal,
): Promise<number> =>
  using(await engineFor(storage, storageEngine), storage, { beside: true, existing: true }, ({ archive }) =>
    new BackUp().execute({ archive, name: shownAs(storage) }, new JsonBackupFile(path, Date.now, signal)),
  );

/**
 * Puts a backup in the place of all that is stored at an address, beside the server that may be running on it.
 * @returns how many records there are now
 * @throws {StorageRefused}, {MoveRefused}, {StorageUnavailable}; nothing was changed then
 */
export const restore = async (
  { storage, storageEngine }: Kept,
  path: string,
  progress: Progress,
): Promise<number> =>
  using(await engineFor(storage, storageEngine), storage, { beside: true }, ({ archive }) =>
    new Restore(randomIds, progress).execute(new JsonBackupFile(path, Date.now), archive),
  );
