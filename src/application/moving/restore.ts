import { compareByCodePoint } from '../../domain/code-points.js';
import type { LogHead } from '../../domain/message-log.js';
import { keyOf, KINDS, type Archive, type BackupFile, type Page } from '../archive.js';
import type { Progress } from './copy-store.js';
import { MoveRefused } from './move-refused.js';
import type { Ids } from '../ports.js';
import type { Position } from './stock.js';

/** A backup in the place of all that is stored, while the server runs. */
export class Restore {
  constructor(
    private readonly ids: Ids,
    private readonly progress: Progress = () => undefined,
  ) {}

  /**
   * The whole file is read before anything is changed, and then all is replaced in one transaction. Every log begins a
   * new epoch, so that every client is told to start over: the numbers it knows may stand for other messages now.
   * @returns how many records there are now
   * @throws {MoveRefused} `damaged` where the file is not a whole backup; nothing was changed then
   */
  async execute(file: BackupFile, target: Archive): Promise<number> {
    let records = 0;
    for await (const page of inOrder(file.read())) {
      records += page.records.length;
      this.progress('reading', page.records.length, null);
    }
    await target.write(async (to) => {
      await to.clear();
      await to.setNote(null);
      for await (const { kind, records: page } of inOrder(file.read())) {
        await to.put(kind, kind === 'log' ? page.map((head) => this.inNewEpoch(head as LogHead)) : page);
        this.progress('restoring', page.length, records);
      }
    });
    return records;
  }

  private inNewEpoch(head: LogHead): LogHead {
    return { ...head, epoch: this.ids.next() };
  }
}

const isBehind = (a: Position, b: Position): boolean =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) > 0 ||
  (a.kind === b.kind && (compareByCodePoint(a.key.id, b.key.id) || a.key.seq - b.key.seq) > 0);

/** The pages as they are, unless a record is there twice or stands where it does not belong. */
async function* inOrder(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  let last: Position | null = null;
  for await (const page of pages) {
    for (const record of page.records) {
      const position: Position = { kind: page.kind, key: keyOf(page.kind, record) };
      if (last !== null && !isBehind(position, last)) {
        throw new MoveRefused('damaged', `a record of the kind ${page.kind} stands where it does not belong`);
      }
      last = position;
    }
    yield page;
  }
}
