import type { Position } from './stock.js';

/** What is noted in a storage while it is being copied to: of what, and how far. */
export interface UnfinishedCopy {
  /** Where it is copied from, fit to be shown. */
  readonly copyOf: string;
  /** Of the original when the copy began. */
  readonly digest: string;
  /** The last record that is stored, or null before the first. */
  readonly copied: Position | null;
  /** How many are stored. */
  readonly records: number;
}

export const writeNote = (copy: UnfinishedCopy): string => JSON.stringify(copy);

export const readNote = (note: string): UnfinishedCopy => JSON.parse(note) as UnfinishedCopy;

/** Why nobody may be served, and nothing be backed up, from a storage with this note. */
export const unfinishedCopy = (note: string): string =>
  `it holds an unfinished copy of ${readNote(note).copyOf}; run the same copy-store again to finish it`;
