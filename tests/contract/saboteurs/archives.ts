import {
  keyOf,
  KINDS,
  type Archive,
  type ArchiveReader,
  type ArchiveWriter,
  type Kind,
  type RecordKey,
  type Records,
} from '../../../src/application/archive.js';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import { behind, memoryEngine, sqliteEngine, type Saboteur } from './sabotage.js';

const ALL = 100_000;

const archiving = (change: (archive: Archive) => Partial<Archive>): Engine =>
  behind(({ archive }) => ({
    archive: {
      read: (work) => archive.read(work),
      write: (work) => archive.write(work),
      ...change(archive),
    },
  }));

const readingOut = (change: (from: ArchiveReader) => Partial<ArchiveReader>): Engine =>
  archiving((archive) => ({
    read: (work) => archive.read((from) => work({ ...from, ...change(from) })),
  }));

const writingIn = (change: (to: ArchiveWriter) => Partial<ArchiveWriter>): Engine =>
  archiving((archive) => ({
    write: (work) => archive.write((to) => work({ ...to, ...change(to) })),
  }));

/** An engine that reads out of each kind what `keep` lets through. */
const leavingOut = (keep: (kind: Kind, record: Records[Kind]) => boolean): Engine =>
  readingOut((from) => ({
    async page<K extends Kind>(kind: K, after: RecordKey | null, limit: number) {
      const all = await from.page(kind, after, ALL);
      return all.filter((record) => keep(kind, record)).slice(0, limit);
    },
  }));

/** Reading out and writing in. */
export const archiveSaboteurs: readonly Saboteur[] = [
  {
    does: 'moves house without what was deleted, so that nobody is told who deleted it',
    caughtBy:
      'all that was stored is read out: guests, ended sessions, deleted rooms and late retries’ receipts too',
    engine: leavingOut((kind, record) => kind !== 'room' || (record as Records['room']).deletedBy === null),
  },
  {
    does: 'moves house without ended sessions, so that nobody is told why theirs did',
    caughtBy:
      'all that was stored is read out: guests, ended sessions, deleted rooms and late retries’ receipts too',
    engine: leavingOut(
      (kind, record) => kind !== 'session' || (record as Records['session']).ending === null,
    ),
  },
  {
    does: 'reads out in the order of UTF-16, so that pages of two engines differ',
    caughtBy:
      'records are read out by the code points of their ids, then by number, each once, however small the pages',
    engine: readingOut((from) => ({
      async page<K extends Kind>(kind: K, after: RecordKey | null, limit: number) {
        const key = (record: Records[K]): string => {
          const { id, seq } = keyOf(kind, record);
          return `${id}\0${String(seq).padStart(16, '0')}`;
        };
        const last = after === null ? '' : `${after.id}\0${String(after.seq).padStart(16, '0')}`;
        const all = await from.page(kind, null, ALL);
        return all
          .filter((record) => key(record) > last)
          .sort((a, b) => (key(a) < key(b) ? -1 : 1))
          .slice(0, limit);
      },
    })),
  },
  {
    does: 'skips the rest of a room where a page ended in its midst',
    caughtBy:
      'records are read out by the code points of their ids, then by number, each once, however small the pages',
    engine: readingOut((from) => ({
      page: (kind, after, limit) => from.page(kind, after && { ...after, seq: ALL }, limit),
    })),
  },
  {
    does: 'reads every page as of when it is asked for',
    caughtBy: 'what is read out is one view, whatever is written while it is read',
    engine: archiving((archive) => ({
      read: (work) =>
        work({
          page: (...asked) => archive.read((from) => from.page(...asked)),
          note: () => archive.read((from) => from.note()),
        }),
    })),
  },
  {
    does: 'clears what is there before it knows whether the rest succeeds',
    caughtBy: 'writing in that is given up changes nothing, were everything cleared before',
    engine: archiving((archive) => ({
      async write(work) {
        let isCleared = false;
        const clearing = (to: ArchiveWriter): ArchiveWriter => ({
          ...to,
          clear() {
            isCleared = true;
            return to.clear();
          },
        });
        return archive
          .write((to) => work(clearing(to)))
          .catch(async (error: unknown) => {
            if (isCleared) await archive.write((to) => to.clear());
            throw error;
          });
      },
    })),
  },
  {
    does: 'keeps the record that is there, whatever is written in its place',
    caughtBy: 'a record that is written twice is there once, and the later one holds',
    engine: archiving((archive) => ({
      async write(work) {
        const there = new Set<string>();
        const name = (kind: Kind, record: Records[Kind]) => JSON.stringify([kind, keyOf(kind, record)]);
        await archive.read(async (from) => {
          for (const kind of KINDS)
            for (const record of await from.page(kind, null, ALL)) there.add(name(kind, record));
        });
        return archive.write((to) =>
          work({
            ...to,
            clear: () => {
              there.clear();
              return to.clear();
            },
            put: (kind, records) =>
              to.put(
                kind,
                records.filter((record) => !there.has(name(kind, record))),
              ),
          }),
        );
      },
    })),
  },
  {
    does: 'forgets with everything else that a move is under way, and so serves half a house',
    caughtBy: 'a note is kept with the transaction that made it until it is taken away, whatever is cleared',
    engine: writingIn((to) => ({
      async clear() {
        await to.clear();
        await to.setNote(null);
      },
    })),
  },
  {
    does: 'notes how far a move has come before what was moved is stored',
    caughtBy: 'writing in that is given up changes nothing, were everything cleared before',
    engine: behind((storage) => {
      let noted: string | null = null;
      return {
        archive: {
          read: (work) => storage.archive.read((from) => work({ ...from, note: async () => noted })),
          write: (work) =>
            storage.archive.write((to) =>
              work({ ...to, note: async () => noted, setNote: async (note) => void (noted = note) }),
            ),
        },
      };
    }),
  },
  {
    does: 'never hears of what was written beside it',
    caughtBy:
      'whoever keeps what was read is told of what is written beside: before its next transaction, or else soon',
    engine: behind(() => ({ watch: () => undefined }), sqliteEngine),
  },
  {
    does: 'goes on writing by a handle whose work is over',
    caughtBy: 'what is handed out for reading out or writing in is refused when its work is over',
    engine: behind(
      (storage) => ({
        archive: {
          read: (work) => storage.archive.read(work),
          write: (work) =>
            work({
              note: () => storage.archive.write((to) => to.note()),
              setNote: (note) => storage.archive.write((to) => to.setNote(note)),
              put: (kind, records) => storage.archive.write((to) => to.put(kind, records)),
              clear: () => storage.archive.write((to) => to.clear()),
            }),
        },
      }),
      memoryEngine,
    ),
  },
];
