import { keyOf, type Archive, type ArchiveReader } from '../archive.js';
import { MoveRefused } from './move-refused.js';
import type { Tokens } from '../ports.js';
import {
  differencesOf,
  digestOf,
  isEmpty,
  pagesOf,
  takeStock,
  totalOf,
  type Position,
  type Stock,
} from './stock.js';
import { readNote, unfinishedCopy, writeNote } from './unfinished-copy.js';

/** Hears how far it is. `total` is null where that is not known yet. */
export type Progress = (doing: string, done: number, total: number | null) => void;

export interface Side {
  readonly archive: Archive;
  /** What it is called, fit to be shown: always the same for the same storage. */
  readonly name: string;
}

/** How many differences are named. */
const NAMED = 5;

const named = (differences: readonly string[]): string => {
  const more = differences.length - NAMED;
  return `${differences.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

const rivalled = (target: string): MoveRefused =>
  new MoveRefused(
    'rivalled',
    `somebody else is copying to ${target} as well: when they have ended, run this again if they have not finished it`,
  );

/**
 * Moving house: all that is stored goes to another storage, record for record, so that clients go on as if nothing had
 * happened. The target notes with each page how far it is; run again, it goes on from there. Until all of it has been
 * compared the note stays, and nobody is served from it.
 */
export class CopyStore {
  constructor(
    private readonly tokens: Pick<Tokens, 'digest'>,
    private readonly progress: Progress,
  ) {}

  /**
   * @returns how many records there are in the target now
   * @throws {MoveRefused} `refused` where the target is not empty, or has another's unfinished copy, or where there is
   *   nothing to copy; `rivalled` where somebody else copies there at the same time; `unlike` where the copy differs, or the original changed meanwhile
   */
  async execute(source: Side, target: Side): Promise<number> {
    const original = await source.archive.read(async (from) => {
      const note = await from.note();
      if (note !== null) throw new MoveRefused('refused', `${source.name}: ${unfinishedCopy(note)}`);
      const stock = await this.stockOf(from, 'counting', null);
      if (totalOf(stock) === 0) throw new MoveRefused('refused', `nothing is stored in ${source.name}`);
      await this.copy(from, stock, source, target);
      return stock;
    });
    const total = totalOf(original);
    const copy = await target.archive.read((from) => this.stockOf(from, 'comparing', total));
    const differences = differencesOf(original, copy);
    if (differences.length > 0) {
      throw new MoveRefused(
        'unlike',
        `the copy in ${target.name} is not what it should be: ${named(differences)}`,
      );
    }
    await this.requireUnchanged(source, original);
    await target.archive.write((to) => to.setNote(null));
    return total;
  }

  private async copy(from: ArchiveReader, stock: Stock, source: Side, target: Side): Promise<void> {
    const note = { copyOf: source.name, digest: digestOf(stock, this.tokens) };
    const total = totalOf(stock);
    let { copied, records: done, written } = await this.begin(note, target);
    // What an earlier run copied is a part of the whole.
    if (done > 0) this.progress('copying', done, total);
    for await (const { kind, records } of pagesOf(from, copied)) {
      copied = { kind, key: keyOf(kind, records.at(-1)!) };
      done += records.length;
      const next = writeNote({ ...note, copied, records: done });
      await target.archive.write(async (to) => {
        if ((await to.note()) !== written) {
          throw rivalled(target.name);
        }
        await to.put(kind, records);
        await to.setNote(next);
      });
      written = next;
      this.progress('copying', records.length, total);
    }
  }

  /** Makes the target ready: empty, or as far as an earlier run came with the same original. */
  private async begin(
    note: { readonly copyOf: string; readonly digest: string },
    { archive, name }: Side,
  ): Promise<{ copied: Position | null; records: number; written: string }> {
    const found = await archive.read(async (from) => ({
      note: await from.note(),
      isEmpty: await isEmpty(from),
    }));
    const earlier = found.note === null ? null : readNote(found.note);
    if (earlier !== null && earlier.copyOf !== note.copyOf) {
      throw new MoveRefused('refused', `${name}: ${unfinishedCopy(found.note!)}`);
    }
    if (earlier === null && !found.isEmpty) {
      throw new MoveRefused('refused', `${name} is not empty: a copy goes only where nothing is stored`);
    }
    if (earlier?.digest === note.digest) {
      this.progress('going on where an earlier run ended', 0, null);
      return { copied: earlier.copied, records: earlier.records, written: found.note! };
    }
    if (earlier !== null) this.progress('beginning anew, since the original has changed', 0, null);
    const written = writeNote({ ...note, copied: null, records: 0 });
    await archive.write(async (to) => {
      if ((await to.note()) !== found.note) {
        throw rivalled(name);
      }
      if (earlier !== null) await to.clear();
      await to.setNote(written);
    });
    return { copied: null, records: 0, written };
  }

  /** Several processes may write to the original; what they wrote since it was read is not in the copy. */
  private async requireUnchanged({ archive, name }: Side, before: Stock): Promise<void> {
    const now = await archive.read((from) =>
      this.stockOf(from, 'looking whether anything changed', totalOf(before)),
    );
    const differences = differencesOf(before, now);
    if (differences.length > 0) {
      throw new MoveRefused(
        'unlike',
        `${name} was written to while it was copied (${named(differences)}): stop every server on it, and run this again`,
      );
    }
  }

  private stockOf(from: ArchiveReader, doing: string, total: number | null): Promise<Stock> {
    return takeStock(from, this.tokens, (records) => this.progress(doing, records, total));
  }
}
