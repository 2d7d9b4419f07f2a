import {
  KINDS,
  keyOf,
  type Archive,
  type ArchiveReader,
  type ArchiveWriter,
  type Kind,
  type RecordKey,
  type Records,
} from '../../src/application/archive.js';

export type Everything = { [kind in Kind]: Records[kind][] };

const readKind = async <K extends Kind>(
  from: ArchiveReader,
  kind: K,
  pageSize: number,
): Promise<Records[K][]> => {
  const found: Records[K][] = [];
  for (let behind: RecordKey | null = null; ;) {
    const page: Records[K][] = await from.page(kind, behind, pageSize);
    found.push(...page);
    if (page.length < pageSize) return found;
    behind = keyOf(kind, page.at(-1)!);
  }
};

/** All that an archive's reader shows, in pages. */
export const everythingIn = async (from: ArchiveReader, pageSize = 3): Promise<Everything> => ({
  user: await readKind(from, 'user', pageSize),
  session: await readKind(from, 'session', pageSize),
  room: await readKind(from, 'room', pageSize),
  log: await readKind(from, 'log', pageSize),
  entry: await readKind(from, 'entry', pageSize),
  receipt: await readKind(from, 'receipt', pageSize),
});

export const everything = (archive: Archive, pageSize?: number): Promise<Everything> =>
  archive.read((from) => everythingIn(from, pageSize));

/** Puts all of it, whatever is there already. */
export const putAll = async (to: ArchiveWriter, all: Everything): Promise<void> => {
  for (const kind of KINDS) await to.put(kind, all[kind]);
};
