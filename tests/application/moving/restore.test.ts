import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonBackupFile } from '../../../src/adapters/backup/json-backup-file.js';
import { memoryEngine } from '../../../src/adapters/storage/memory/memory-engine.js';
import { randomIds } from '../../../src/adapters/system/random-ids.js';
import type { BackupFile, Page } from '../../../src/application/archive.js';
import { BackUp } from '../../../src/application/moving/back-up.js';
import { Restore } from '../../../src/application/moving/restore.js';
import { everything, putAll, type Everything } from '../../contract/archived.js';
import { NOW, readLog, say } from '../../contract/scene.js';
import { bigHouse, houses } from '../../support/houses.js';

const storageWith = async (all: Everything | null) => {
  const storage = await memoryEngine.open('memory:');
  if (all !== null) await storage.archive.write((to) => putAll(to, all));
  return storage;
};

const withoutEpochs = (all: Everything): Everything => ({
  ...all,
  log: all.log.map((head) => ({ ...head, epoch: '' })),
});

/** A file that is none: what it holds is what it is said to. */
const holding = (pages: readonly Page[]): BackupFile => ({
  write: async () => undefined,
  async *read() {
    yield* pages;
  },
});

test('what was backed up and restored is what there was, but for the epoch of every log, which is new', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-backup-'));
  let files = 0;
  await fc.assert(
    fc.asyncProperty(houses, houses, async (before, meanwhile) => {
      const { archive } = await storageWith(before);
      const file = new JsonBackupFile(join(folder, `${(files += 1)}`), () => NOW);
      await new BackUp().execute({ archive, name: 'here' }, file);
      await archive.write(async (to) => {
        await to.clear();
        await putAll(to, meanwhile);
      });
      await new Restore(randomIds).execute(file, archive);
      const after = await everything(archive);
      expect(withoutEpochs(after)).toEqual(withoutEpochs(before));
      const known = new Set([...before.log, ...meanwhile.log].map(({ epoch }) => epoch));
      expect(after.log.filter(({ epoch }) => known.has(epoch))).toEqual([]);
      expect(new Set(after.log.map(({ epoch }) => epoch)).size).toBe(after.log.length);
    }),
    { numRuns: 30 },
  );
  rmSync(folder, { recursive: true });
});

test('after a restore numbers go on behind the backup’s last, and its retry keys are known', async () => {
  const all = bigHouse(3);
  const storage = await storageWith(bigHouse(5));
  const pages = Object.entries(all).map(([kind, records]) => ({ kind, records }) as Page);
  await new Restore(randomIds).execute(holding(pages), storage.archive);
  expect((await readLog(storage, 'room0')).head.last).toBe(3);
  expect((await say(storage, 'room0', 'again', { by: 'id-of-user0', key: 'm2' })).seq).toBe(2);
  expect((await say(storage, 'room0', 'new', { by: 'id-of-user0', key: 'm5' })).seq).toBe(4);
});

test.each<[string, (pages: Page[]) => Page[]]>([
  ['a record twice', ([users, ...others]) => [users!, users!, ...others]],
  ['records out of order', (pages) => [...pages].reverse()],
])('a backup with %s is refused before anything is changed', async (_, spoil) => {
  const before = bigHouse(3);
  const { archive } = await storageWith(before);
  const pages = Object.entries(bigHouse(5)).map(([kind, records]) => ({ kind, records }) as Page);
  const restoring = new Restore(randomIds).execute(holding(spoil(pages)), archive);
  await expect(restoring).rejects.toMatchObject({ name: 'MoveRefused', reason: 'damaged' });
  expect(await everything(archive)).toEqual(before);
});

test('a file that changes while it is restored changes nothing', async () => {
  const before = bigHouse(3);
  const { archive } = await storageWith(before);
  let isSecond = false;
  const changing: BackupFile = {
    write: async () => undefined,
    async *read() {
      yield { kind: 'user', records: bigHouse(1).user };
      if (isSecond) throw new Error('somebody pulled the stick out');
      isSecond = true;
    },
  };
  await expect(new Restore(randomIds).execute(changing, archive)).rejects.toThrow('pulled the stick');
  expect(await everything(archive)).toEqual(before);
});

test('nothing is not backed up, nor half a copy', async () => {
  const { archive } = await storageWith(null);
  const here = { archive, name: 'here' };
  const nowhere = holding([]);
  await expect(new BackUp().execute(here, nowhere)).rejects.toThrow('nothing is stored in here');
  const half = JSON.stringify({ copyOf: 'elsewhere', digest: '', copied: null, records: 0 });
  await archive.write((to) => to.setNote(half));
  await expect(new BackUp().execute(here, nowhere)).rejects.toThrow('unfinished copy of elsewhere');
});

test('a restore takes the place of half a copy too', async () => {
  const { archive } = await storageWith(null);
  await archive.write((to) => to.setNote('half a copy'));
  const pages = Object.entries(bigHouse(2)).map(([kind, records]) => ({ kind, records }) as Page);
  await new Restore(randomIds).execute(holding(pages), archive);
  expect(await archive.read((from) => from.note())).toBeNull();
});
