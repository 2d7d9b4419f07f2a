import type { Entry, LogHead } from '../../../src/domain/message-log.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { LogRepository, Outlook } from '../../../src/application/ports.js';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import {
  answering,
  behind,
  changed,
  sharedEngine,
  sqliteEngine,
  storing,
  type Saboteur,
} from './sabotage.js';

/** An engine that changes what it tells of a log. */
const telling = (entry: (entry: Entry) => Entry, head = (told: LogHead): LogHead => told): Engine =>
  answering((from) => ({
    entries: async (...asked) => (await from.entries(...asked)).map(entry),
    outlooks: async (...asked) =>
      (await from.outlooks(...asked)).map((outlook) => ({
        ...outlook,
        head: head(outlook.head),
        entries: outlook.entries.map(entry),
      })),
  }));

const retelling = (text: (text: string) => string): Engine =>
  telling((entry) => ({ ...entry, text: text(entry.text) }));

/** An engine that answers another outlook than it was asked for. */
const looking = (
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
const mistaking = (same: (roomId: string, authorId: string, key: string) => string): Engine =>
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
const withAppended = (log: MessageLog, appended: ReturnType<MessageLog['takeAppended']>): MessageLog =>
  Object.assign(new MessageLog(log.head), { appended: [...appended], floor: log.receiptFloor });

/** Numbers, floors, receipts and texts. */
export const logSaboteurs: readonly Saboteur[] = [
  {
    does: 'takes the number before the transaction',
    caughtBy: 'posts made at once are numbered without a hole and without a double',
    engine: behind((storage) => {
      const committed = new Map<string, LogHead>();
      return {
        async transact(work) {
          const before = new Map(committed);
          const saved = new Map<string, LogHead>();
          const result = await storage.transact((to) =>
            work(
              changed(to, {
                logs: {
                  async get(roomId) {
                    const log = await to.logs.get(roomId);
                    return log && new MessageLog(before.get(roomId) ?? log.head);
                  },
                  save(log) {
                    saved.set(log.head.roomId, log.head);
                    return to.logs.save(log);
                  },
                },
              }),
            ),
          );
          for (const [roomId, head] of saved) committed.set(roomId, head);
          return result;
        },
      };
    }),
  },
  {
    does: 'never gives a number again that was taken back',
    caughtBy: 'a post that is taken back leaves no hole in the numbers',
    engine: storing(() => {
      const given = new Map<string, number>();
      return (to) => ({
        logs: {
          async get(roomId) {
            const log = await to.logs.get(roomId);
            return (
              log && new MessageLog({ ...log.head, last: Math.max(log.head.last, given.get(roomId) ?? 0) })
            );
          },
          save(log) {
            given.set(log.head.roomId, log.head.last);
            return to.logs.save(log);
          },
        },
      });
    }),
  },
  {
    does: 'takes numbers from a sequence, and commits in whatever order it comes',
    caughtBy:
      'whoever asks only for what is newer than its last never misses a post, however many post at once',
    engine: behind((storage) => {
      const sequence = new Map<string, number>();
      let nth = 0;
      return {
        async transact(work) {
          const later: (() => Promise<void>)[] = [];
          const result = await storage.transact((to) =>
            work(
              changed(to, {
                logs: {
                  async get(roomId) {
                    const log = await to.logs.get(roomId);
                    return (
                      log && new MessageLog({ ...log.head, last: sequence.get(roomId) ?? log.head.last })
                    );
                  },
                  async save(log) {
                    const { head, receiptFloor } = log;
                    const appended = log.takeAppended();
                    if (appended.length === 0) return to.logs.save(log);
                    sequence.set(head.roomId, head.last);
                    later.push(() =>
                      storage.transact(async ({ logs }) => {
                        const stored = (await logs.get(head.roomId))!.head;
                        const last = Math.max(stored.last, head.last);
                        await logs.save(
                          Object.assign(
                            new MessageLog({ ...stored, last, first: Math.max(stored.first, head.first) }),
                            {
                              appended: [...appended],
                              floor: receiptFloor,
                            },
                          ),
                        );
                      }),
                    );
                  },
                },
              }),
            ),
          );
          // One in three is slow to commit.
          if (later.length > 0 && (nth += 1) % 3 === 0)
            await new Promise((resolve) => setTimeout(resolve, 5));
          for (const commit of later) await commit();
          return result;
        },
      };
    }, sqliteEngine),
  },
  {
    does: 'counts the numbers in each process by itself',
    caughtBy: 'posts of several processes at once are numbered without a hole, and no reader ever misses one',
    engine: behind(
      (storage) => {
        const counted = new Map<string, number>();
        return {
          transact: (work) =>
            storage.transact((to) =>
              work(
                changed(to, {
                  logs: {
                    async get(roomId) {
                      const log = await to.logs.get(roomId);
                      return (
                        log && new MessageLog({ ...log.head, last: counted.get(roomId) ?? log.head.last })
                      );
                    },
                    save(log) {
                      counted.set(log.head.roomId, log.head.last);
                      return to.logs.save(log);
                    },
                  },
                }),
              ),
            ),
        };
      },
      sharedEngine({ durable: false, shared: true }),
    ),
  },
  {
    does: 'keeps what it read until it writes itself, though others write too',
    caughtBy: 'what was acknowledged in one process is seen by a read or transaction that begins in another',
    engine: behind(
      (storage) => {
        const kept = new Map<string, Promise<Outlook[]>>();
        return {
          transact: (work) =>
            storage.transact((to) => {
              const save: LogRepository['save'] = (log) => to.logs.save(log).finally(() => kept.clear());
              return work(changed(to, { logs: { save } }));
            }),
          read: (work) =>
            storage.read((from) =>
              work({
                ...from,
                outlooks(...asked) {
                  const key = JSON.stringify(asked);
                  const answer = kept.get(key) ?? from.outlooks(...asked);
                  kept.set(key, answer);
                  return answer;
                },
              }),
            ),
        };
      },
      sharedEngine({ durable: false, shared: true }),
    ),
  },
  {
    does: 'numbers all rooms by one counter',
    caughtBy: 'each room has numbers of its own',
    engine: storing(() => {
      let last = 0;
      return (to) => ({
        logs: {
          async get(roomId) {
            const log = await to.logs.get(roomId);
            return log && new MessageLog({ ...log.head, last: Math.max(log.head.last, last) });
          },
          save(log) {
            last = Math.max(last, log.head.last);
            return to.logs.save(log);
          },
        },
      });
    }),
  },
  {
    does: 'stores a number in 32 bits',
    caughtBy: 'numbers above 2³¹, and the greatest that are exact, come back as they were',
    engine: telling(
      (entry) => ({ ...entry, seq: entry.seq | 0 }),
      (head) => ({ ...head, first: head.first | 0, last: head.last | 0 }),
    ),
  },
  {
    does: 'sorts numbers as texts',
    caughtBy: 'entries are numbered from 1, one after the other, and read in that order',
    engine: answering((from) => ({
      entries: async (...asked) =>
        (await from.entries(...asked)).sort((a, b) => (String(a.seq) < String(b.seq) ? -1 : 1)),
    })),
  },
  {
    does: 'stores only the last of several entries',
    caughtBy:
      'several entries appended in one transaction are all stored, and once if the log is saved twice',
    engine: storing(() => (to) => ({
      logs: { save: (log) => to.logs.save(withAppended(log, log.takeAppended().slice(-1))) },
    })),
  },
  {
    does: 'keeps the rows below the floor',
    caughtBy: 'entries below the floor are gone from the store',
    engine: behind((storage) => {
      const all = new Map<string, Entry[]>();
      return {
        transact: (work) =>
          storage.transact((to) =>
            work(
              changed(to, {
                logs: {
                  save(log) {
                    const appended = log.takeAppended();
                    const { roomId, closed } = log.head;
                    const entries = appended.map(({ entry }) => entry);
                    all.set(roomId, closed ? [] : [...(all.get(roomId) ?? []), ...entries]);
                    return to.logs.save(withAppended(log, appended));
                  },
                },
              }),
            ),
          ),
        read: (work) =>
          storage.read((from) =>
            work({
              ...from,
              entries: async (roomId, first, limit) =>
                (all.get(roomId) ?? []).filter(({ seq }) => seq >= first).slice(0, limit),
            }),
          ),
      };
    }),
  },
  {
    does: 'trims the rows and leaves the floor where it was',
    caughtBy: 'the oldest entry kept is the one that the head says, and none is missing up to the newest',
    engine: telling(
      (entry) => entry,
      (head) => (head.closed ? head : { ...head, first: Math.min(head.first, 1) }),
    ),
  },
  {
    does: 'moves the floor before the rows have gone',
    caughtBy: 'the oldest entry kept is the one that the head says, and none is missing up to the newest',
    engine: telling(
      (entry) => entry,
      (head) => (head.last < 2 ? head : { ...head, first: head.first + 1 }),
    ),
  },
  {
    does: 'forgets a receipt with its entry',
    caughtBy: 'a receipt outlives its entry, so that a late retry is still recognised',
    engine: storing(() => (to) => ({
      logs: {
        async receipt(roomId, ...key) {
          const receipt = await to.logs.receipt(roomId, ...key);
          const log = await to.logs.get(roomId);
          return receipt !== null && receipt.seq < log!.head.first ? null : receipt;
        },
      },
    })),
  },
  {
    does: 'never lets a receipt go',
    caughtBy: 'a receipt goes once both its number and its time are below the floor',
    engine: storing(() => (to) => ({
      logs: {
        save: (log) =>
          to.logs.save(Object.assign(withAppended(log, log.takeAppended()), { floor: { seq: 0, at: 0 } })),
      },
    })),
  },
  {
    does: 'lets receipts go by their number alone',
    caughtBy: 'a receipt stays while its time is not below the floor, however much was said since',
    engine: storing(() => (to) => ({
      logs: {
        save: (log) =>
          to.logs.save(
            Object.assign(withAppended(log, log.takeAppended()), {
              floor: { seq: log.receiptFloor.seq, at: Number.MAX_SAFE_INTEGER },
            }),
          ),
      },
    })),
  },
  {
    does: 'lets receipts go by their time alone',
    caughtBy: 'a receipt stays while its number is above the floor, however old it is',
    engine: storing(() => (to) => ({
      logs: {
        save: (log) =>
          to.logs.save(
            Object.assign(withAppended(log, log.takeAppended()), {
              floor: { seq: log.head.last, at: log.receiptFloor.at },
            }),
          ),
      },
    })),
  },
  {
    does: 'leaves the digest out of a receipt',
    caughtBy: 'a receipt says number, time and digest of its entry',
    engine: storing(() => (to) => ({
      logs: {
        async receipt(...key) {
          const receipt = await to.logs.receipt(...key);
          return receipt && { ...receipt, digest: '' };
        },
      },
    })),
  },
  {
    does: 'takes one author’s key for another’s',
    caughtBy: 'a key is its author’s alone: another’s message of the same key is another message',
    engine: mistaking((roomId, _, key) => `${roomId} ${key}`),
  },
  {
    does: 'takes one room’s key for another’s',
    caughtBy: 'a key is of one room alone: the same key elsewhere is another message',
    engine: mistaking((_, authorId, key) => `${authorId} ${key}`),
  },
  {
    does: 'compares keys without regard to case',
    caughtBy: 'keys are compared letter by letter',
    engine: mistaking((roomId, authorId, key) => `${roomId} ${authorId} ${key.toLowerCase()}`),
  },
  {
    does: 'compares keys as numbers where they look like numbers',
    caughtBy: 'keys are compared letter by letter',
    engine: mistaking((roomId, authorId, key) => `${roomId} ${authorId} ${Number(key) || key}`),
  },
  {
    does: 'keeps the receipts of a closed log',
    caughtBy: 'a closed log keeps no entry and no receipt, but its epoch and its last number',
    engine: storing(() => {
      const kept = new Map<string, Awaited<ReturnType<LogRepository['receipt']>>>();
      return (to) => ({
        logs: {
          async receipt(...key) {
            const found = await to.logs.receipt(...key);
            if (found !== null) kept.set(key.join(' '), found);
            return found ?? kept.get(key.join(' ')) ?? null;
          },
          async save(log) {
            const appended = log.takeAppended();
            await to.logs.save(withAppended(log, appended));
            for (const { entry, digest } of appended) {
              const { authorId, clientMessageId, seq, at } = entry;
              kept.set([log.head.roomId, authorId, clientMessageId].join(' '), {
                authorId,
                clientMessageId,
                seq,
                at,
                digest,
              });
            }
          },
        },
      });
    }),
  },
  {
    does: 'lets a closed log be forgotten altogether',
    caughtBy: 'a closed log keeps no entry and no receipt, but its epoch and its last number',
    engine: telling(
      (entry) => entry,
      (head) => (head.closed ? { ...head, first: 1, last: 0 } : head),
    ),
  },
  {
    does: 'gives all entries, whatever the asker has',
    caughtBy: 'an outlook has the entries after the asker’s last, and none it has',
    engine: looking(({ epoch }, limit) => [{ epoch, after: 0 }, limit]),
  },
  {
    does: 'takes numbers of another epoch for its own',
    caughtBy: 'to whoever knows another epoch, or none, an outlook gives the log as if it had nothing',
    engine: looking(({ after }, limit) => [{ epoch: 'first-epoch', after }, limit]),
  },
  {
    does: 'gives the oldest entries of an outlook instead of the newest',
    caughtBy: 'an outlook that is limited has the newest entries, ascending',
    engine: looking(
      (has) => [has, 100_000],
      (entries, limit) => entries.slice(0, limit),
    ),
  },
  {
    does: 'gives the newest entry of an outlook first',
    caughtBy: 'an outlook that is limited has the newest entries, ascending',
    engine: looking(
      (has, limit) => [has, limit],
      (entries) => [...entries].reverse(),
    ),
  },
  {
    does: 'gives the newest entries where it was asked from a number on',
    caughtBy: 'entries are read from a number on, ascending, at most so many',
    engine: answering((from) => ({
      entries: async (roomId, first, limit) => (await from.entries(roomId, first, 100_000)).slice(-limit),
    })),
  },
  ...(
    [
      ['trims texts', (text) => text.trim()],
      ['normalises texts', (text) => text.normalize('NFC')],
      ['makes line feeds of other line breaks', (text) => text.replace(/\r\n?/g, '\n')],
      [
        'leaves out what is beyond the basic plane',
        (text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd'),
      ],
      ['cuts texts at 255 signs', (text) => text.slice(0, 255)],
      ['takes a backslash for an escape', (text) => text.replaceAll('\\n', '\n')],
      [
        'makes a number of a text that looks like one',
        (text) => (/^\d+$/.test(text) ? String(Number(text)) : text),
      ],
    ] satisfies [string, (text: string) => string][]
  ).map(([does, change]) => ({ does, caughtBy: 'texts come back sign for sign', engine: retelling(change) })),
  {
    does: 'gives 0 and 1 for no and yes',
    caughtBy: 'an entry comes back with every field, a guest’s as a guest’s',
    engine: telling((entry) => ({ ...entry, guest: Number(entry.guest) as unknown as boolean })),
  },
  {
    does: 'asks the engine for at most five hundred at once',
    caughtBy: 'a thousand standings and outlooks can be asked for at once',
    engine: answering((from) => ({
      outlooks: (asked, limit) => from.outlooks(asked.slice(-500), limit),
    })),
  },
];
