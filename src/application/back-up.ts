import type { Side } from './copy-store.js';
import { MoveRefused } from './move-refused.js';
import { isEmpty, pagesOf, type Page } from './stock.js';
import { unfinishedCopy } from './unfinished-copy.js';

/** A backup as a file: the same for every engine. */
export interface BackupFile {
  /**
   * Writes all of it, or no file at all.
   * @throws {MoveRefused} `refused` where there is a file of that name, or none can be made
   */
  write(pages: AsyncIterable<Page>): Promise<void>;
  /**
   * All that it holds, in the order in which it was written. That it was whole is known only when the last was read.
   * @throws {MoveRefused} `damaged` where it is not, or is none, or one of a newer Parlour
   */
  read(): AsyncIterable<Page>;
}

/** A backup: all that is stored, of one moment, while people go on chatting. */
export class BackUp {
  /**
   * @returns how many records it holds
   * @throws {MoveRefused} where there is nothing to be backed up, or no file can be made
   */
  async execute({ archive, name }: Side, file: BackupFile): Promise<number> {
    let records = 0;
    await archive.read(async (from) => {
      const note = await from.note();
      if (note !== null) throw new MoveRefused('refused', `${name}: ${unfinishedCopy(note)}`);
      if (await isEmpty(from)) throw new MoveRefused('refused', `nothing is stored in ${name}`);
      await file.write(
        (async function* () {
          for await (const page of pagesOf(from)) {
            yield page;
            records += page.records.length;
          }
        })(),
      );
    });
    return records;
  }
}
