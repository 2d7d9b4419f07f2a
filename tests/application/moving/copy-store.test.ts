import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryEngine } from '../../../src/adapters/storage/memory/memory-engine.js';
import { sqliteEngine } from '../../../src/adapters/storage/sqlite/sqlite-engine.js';
import { sha256Tokens } from '../../../src/adapters/system/sha256-tokens.js';
import type { Archive } from '../../../src/application/archive.js';
import { CopyStore, type Progress, type Side } from '../../../src/application/moving/copy-store.js';
import { MoveRefused } from '../../../src/application/moving/move-refused.js';
import { tellProgress } from '../../../src/tell-progress.js';
import { everything, putAll, type Everything } from '../../contract/archived.js';
import type { Driver } from '../../contract/driver.js';
import { start as startSqlite } from '../../contract/drivers/sqlite.js';
import { account } from '../../contract/scene.js';
import { bigHouse, houses } from '../../support/houses.js';

const TOO_MUCH = 100_000;

const sideWith = async (all: Everything | null, name: string): Promise<Side> => {
  const { archive } = await memoryEngine.open('memory:');
  if (all !== null) await archive.write((to) => putAll(to, all));
  return { archive, name };
};

const copy = (source: Side, target: Side, progress: Progress = () => undefined): Promise<number> =>
  new CopyStore(sha256Tokens, progress).execute(source, target);

const refusalOf = (moving: Promise<unknown>): Promise<MoveRefused | null> =>
  moving.then(
    () => null,
    (error: unknown) => {
      if (error instanceof MoveRefused) return error;
      throw error;
    },
  );

const noteIn = ({ archive }: Side): Promise<string | null> => archive.read((from) => from.note());

/** An archive that fails when it is written to for the time after `writes` times, as a process that is killed does. */
const failingAfter = (writes: number, archive: Archive): Archive & { puts: number } => {
  const failing = {
    puts: 0,
    read: archive.read,
    write: ((work) => {
      if (writes === 0) return Promise.reject(new Error('the power is gone'));
      writes -= 1;
      failing.puts += 1;
      return archive.write(work);
    }) as Archive['write'],
  };
  return failing;
};

test('a copy is the original, record for record, in another engine too, and whole: no note is left', async () => {
  const sqlite = (await startSqlite()) as Driver;
  await fc.assert(
    fc.asyncProperty(houses, async (all) => {
      const source = await sideWith(all, 'memory');
      const place = await sqlite.freshPlace();
      const storage = await sqliteEngine.open(place.address);
      try {
        await copy(source, { archive: storage.archive, name: 'sqlite' });
        const back = await sideWith(null, 'back');
        await copy({ archive: storage.archive, name: 'sqlite' }, back);
        expect(await everything(back.archive)).toEqual(all);
        expect(await noteIn(back)).toBeNull();
      } finally {
        await storage.close();
        await place.dispose();
      }
    }),
    { numRuns: 15 },
  );
});

test('a copy that was interrupted after any step goes on from there when it is run again, and tells how much of the whole there is', async () => {
  const all = bigHouse(1100);
  const total = Object.values(all).flat().length.toLocaleString('en');
  const source = await sideWith(all, 'source');
  const counting = failingAfter(TOO_MUCH, (await sideWith(null, 'target')).archive);
  await copy(source, { archive: counting, name: 'target' });
  for (let writes = 1; writes < counting.puts; writes += 1) {
    const target = await sideWith(null, 'target');
    const interrupted = failingAfter(writes, target.archive);
    await expect(copy(source, { ...target, archive: interrupted })).rejects.toThrow('the power is gone');
    expect(await noteIn(target)).not.toBeNull();
    const again = failingAfter(TOO_MUCH, target.archive);
    const lines: string[] = [];
    await copy(
      source,
      { ...target, archive: again },
      tellProgress((line) => lines.push(line)),
    );
    expect(lines).toContain(`copying: ${total} of ${total}\n`);
    expect(await everything(target.archive, 1000)).toEqual(all);
    expect(await noteIn(target)).toBeNull();
    expect(writes + again.puts).toBe(counting.puts);
  }
});

test('a copy whose original has changed since it was interrupted begins anew', async () => {
  const source = await sideWith(bigHouse(1100), 'source');
  const target = await sideWith(null, 'target');
  await expect(copy(source, { ...target, archive: failingAfter(4, target.archive) })).rejects.toThrow();
  const changed = { ...bigHouse(5), user: [account('someone-else').state] };
  await source.archive.write(async (to) => {
    await to.clear();
    await putAll(to, changed);
  });
  const doings = new Set<string>();
  await copy(source, target, (doing) => doings.add(doing));
  expect(await everything(target.archive, 1000)).toEqual(changed);
  expect([...doings]).toContain('beginning anew, since the original has changed');
});

test('a target that is not empty is refused, and stays as it is', async () => {
  const others = { ...bigHouse(0), user: [account('someone').state] };
  const target = await sideWith(others, 'target');
  const refused = await refusalOf(copy(await sideWith(bigHouse(3), 'source'), target));
  expect(refused).toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('target is not empty'),
  });
  expect(await everything(target.archive)).toEqual(others);
});

test('a target with another’s unfinished copy is refused, by naming that', async () => {
  const target = await sideWith(null, 'target');
  const half = failingAfter(3, target.archive);
  await expect(
    copy(await sideWith(bigHouse(3), 'one source'), { ...target, archive: half }),
  ).rejects.toThrow();
  const before = await everything(target.archive);
  const refused = await refusalOf(copy(await sideWith(bigHouse(3), 'another'), target));
  expect(refused).toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('copy of one source'),
  });
  expect(await everything(target.archive)).toEqual(before);
});

test('there is no copy of nothing, nor of half a copy', async () => {
  const target = await sideWith(null, 'target');
  expect(await refusalOf(copy(await sideWith(null, 'source'), target))).toMatchObject({
    message: 'nothing is stored in source',
  });
  const half = await sideWith(null, 'half');
  const failing = { ...half, archive: failingAfter(3, half.archive) };
  await expect(copy(await sideWith(bigHouse(3), 'source'), failing)).rejects.toThrow();
  expect(await refusalOf(copy(half, target))).toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('unfinished copy of source'),
  });
  expect(await noteIn(target)).toBeNull();
});

test('an original that is written to meanwhile is noticed, nobody is served from the copy, and running it again mends it', async () => {
  const source = await sideWith(bigHouse(3), 'source');
  const target = await sideWith(null, 'target');
  const late = account('latecomer').state;
  const writing: Promise<void>[] = [];
  const progress: Progress = (doing) => {
    if (doing === 'copying') writing.push(source.archive.write((to) => to.put('user', [late])));
  };
  const refused = await refusalOf(copy(source, target, progress));
  await Promise.all(writing);
  expect(refused).toMatchObject({
    reason: 'unlike',
    message: expect.stringMatching(
      /^source was written to while it was copied .*kind user: 1 are 2.*stop every server/,
    ),
  });
  expect(await noteIn(target)).not.toBeNull();
  await copy(source, target);
  expect(await everything(target.archive)).toEqual(await everything(source.archive));
  expect(await noteIn(target)).toBeNull();
});

test.each<[string, (all: Everything) => Partial<Everything>, RegExp]>([
  ['a missing entry', ({ entry }) => ({ entry: entry.slice(1) }), /room room0: 3 entries are 2/],
  ['a forgotten receipt', ({ receipt }) => ({ receipt: receipt.slice(1) }), /room room0: 3 receipts are 2/],
  ['another epoch', ({ log }) => ({ log: [{ ...log[0]!, epoch: 'x' }, log[1]!] }), /epoch first-epoch is x/],
  ['another head', ({ log }) => ({ log: [{ ...log[0]!, last: 9 }, log[1]!] }), /last 3 is 9/],
  ['another floor', ({ log }) => ({ log: [{ ...log[0]!, first: 2 }, log[1]!] }), /first 1 is 2/],
  [
    'another text',
    ({ entry }) => ({ entry: [{ ...entry[0]!, text: 'x' }, ...entry.slice(1)] }),
    /room room0: what is in it differs/,
  ],
  [
    'an ended session',
    ({ session }) => ({ session: [{ ...session[0]!, ending: 'expired' }] }),
    /sessions differs/,
  ],
])('a copy with %s is not called done, and the difference is named', async (_, change, complaint) => {
  const all = bigHouse(3);
  const source = await sideWith(all, 'source');
  const target = await sideWith(null, 'target');
  const spoilt = { ...all, ...change(all) };
  let isSpoilt = false;
  const spoiling: Archive = {
    async read(work) {
      if (!isSpoilt && (await noteIn(target)) !== null) {
        isSpoilt = true;
        await target.archive.write(async (to) => {
          await to.clear();
          await putAll(to, spoilt);
        });
      }
      return target.archive.read(work);
    },
    write: (work) => target.archive.write(work),
  };
  const refused = await refusalOf(copy(source, { ...target, archive: spoiling }));
  expect(refused).toMatchObject({ reason: 'unlike', message: expect.stringMatching(complaint) });
  expect(await noteIn(target)).not.toBeNull();
});

test('two copies to one target at once: one is told to run again, as something is stored already, and what is there in the end is whole', async () => {
  const source = await sideWith(bigHouse(1500), 'source');
  const target = await sideWith(null, 'target');
  const outcomes = await Promise.all([refusalOf(copy(source, target)), refusalOf(copy(source, target))]);
  expect(outcomes.map((one) => one?.reason ?? 'done')).toContain('rivalled');
  expect(outcomes.every((one) => one === null || one.reason === 'rivalled')).toBe(true);
  if (!outcomes.includes(null)) await copy(source, target);
  expect(await everything(target.archive, 1000)).toEqual(bigHouse(1500));
});
