import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';

/** What jest hands to a sequencer of a file, and what a sequencer tells of it. */
interface Test {
  readonly path: string;
  readonly context: { readonly hasteFS: { getSize(path: string): number } };
}
interface Sequencer {
  sort(tests: readonly Test[]): Test[];
  time(test: Test): number | undefined;
  hasFailed(test: Test): boolean;
}

const root = join(import.meta.dirname, '../..');
const { default: LongestFirst } = (await import(join(root, 'scripts/longest-first.mjs'))) as {
  default: new () => Sequencer;
};

const LONG = ['contract', 'server', 'browser'];
const FOLDERS = [...LONG, 'domain', 'http', 'adapters', 'project'];

interface File {
  readonly folder: string;
  readonly bytes: number;
  /** What jest knows of the last run, if there was one. */
  readonly lastMs: number | undefined;
  readonly failed: boolean;
}

const someFiles = fc.array(
  fc.record<File>({
    folder: fc.constantFrom(...FOLDERS),
    bytes: fc.nat(9000),
    lastMs: fc.option(fc.nat(60_000), { nil: undefined }),
    failed: fc.boolean(),
  }),
  { maxLength: 40, size: 'max' },
);

/** The files in the order in which they would be run. */
const inOrder = (files: readonly File[]): File[] => {
  const of = new Map(files.map((file, at) => [`${root}/tests/${file.folder}/some-${at}.test.ts`, file]));
  const context = { hasteFS: { getSize: (path: string) => of.get(path)!.bytes } };
  const sequencer = new LongestFirst();
  sequencer.time = ({ path }) => of.get(path)!.lastMs;
  sequencer.hasFailed = ({ path }) => of.get(path)!.failed;
  const sorted = sequencer.sort([...of.keys()].map((path) => ({ path, context })));
  return sorted.map(({ path }) => of.get(path)!);
};

const placeOf = ({ folder }: File): number => (LONG.includes(folder) ? LONG.indexOf(folder) : LONG.length);

test('whatever there is to run, what takes long comes first, and nothing is left out or run twice', () => {
  fc.assert(
    fc.property(someFiles, (files) => {
      const sorted = inOrder(files);
      expect(new Set(sorted)).toEqual(new Set(files));
      expect(sorted).toHaveLength(files.length);
      const places = sorted.map(placeOf);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }),
  );
});

test('among files that take equally long for all we know, those that failed come first, and then those that took longest', () => {
  fc.assert(
    fc.property(fc.constantFrom('contract', 'domain'), someFiles, (folder, files) => {
      const timed = files.map((file) => ({ ...file, folder, lastMs: file.lastMs ?? 0 }));
      const keys = inOrder(timed).map(({ failed, lastMs }) => (failed ? 0 : 1e9) - (lastMs ?? 0));
      expect(keys).toEqual([...keys].sort((a, b) => a - b));
    }),
  );
});
