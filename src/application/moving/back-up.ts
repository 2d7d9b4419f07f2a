import type { BackupFile } from '../archive.js';
import type { Side } from './copy-store.js';
import { MoveRefused } from './move-refused.js';
import { isEmpty, pagesOf } from './stock.js';
import { unfinishedCopy } from './unfinished-copy.js';

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
