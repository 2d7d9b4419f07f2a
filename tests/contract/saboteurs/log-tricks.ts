import type { LogRepository, Outlook } from '../../../src/application/ports.js';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import { MessageLog, type Entry, type LogHead } from '../../../src/domain/message-log.js';
import { answering, storing } from './sabotage.js';

/** An engine that changes what it tells of a log. */
export const telling = (entry: (entry: Entry) => Entry, head = (told: LogHead): LogHead => told): Engine =>
  answering((from) => ({
    entries: async (...asked) => (await from.entries(...asked)).map(entry),
    outlooks: async (...asked) =>
      (await from.outlooks(...asked)).map((outlook) => ({
        ...outlook,
        head: head(outlook.head),
        entries: outlook.entries.map(entry),
      })),
  }));

export const retelling = (text: (text: string) => string): Engine =>
  telling((entry) => ({ ...entry, text: text(entry.text) }));

/** An engine that answers another outlook than it was asked for. */
export const looking = (
  change: (asked: { epoch: string; after: number }, limit: number) => [typeof asked, number],
  cut: (entries: readonly Entry[], limit: number) => readonly Entry[] = (entries) => entries,
): Engine =>
  answering((from) => ({
    async outlooks(asked, limit) {
      const found: Outlook[] = [];
      for (const { roomId, ...has } of asked) {
        const [changedAsked, changedLimit] = change(has, limit);
        const [outlook] = await from.outlooks([{ roomId, ...changedAsked }], changedLimit);
        if (outlook !== undefined) found.push({ ...outlook, entries: cut(outlook.entries, limit) });
      }
      return found;
    },
  }));

/** An engine that takes two keys for one, or forgets one: `find` says which receipt answers for a key. */
export const mistaking = (same: (roomId: string, authorId: string, key: string) => string): Engine =>
  storing(() => {
    const known = new Map<string, Parameters<LogRepository['receipt']>>();
    return (to) => ({
      logs: {
        receipt: (...key) => to.logs.receipt(...(known.get(same(...key)) ?? key)),
        async save(log) {
          const appended = log.takeAppended();
          for (const { entry } of appended) {
            const key = [log.head.roomId, entry.authorId, entry.clientMessageId] as const;
            if (!known.has(same(...key))) known.set(same(...key), [...key]);
          }
          await to.logs.save(withAppended(log, appended));
        },
      },
    });
  });

/** A log whose appended entries were looked at, and are to be stored nevertheless. */
export const withAppended = (log: MessageLog, appended: ReturnType<MessageLog['takeAppended']>): MessageLog =>
  Object.assign(new MessageLog(log.head), { appended: [...appended], floor: log.receiptFloor });
