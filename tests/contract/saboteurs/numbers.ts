import type { LogRepository, Outlook } from '../../../src/application/ports.js';
import { MessageLog, type LogHead } from '../../../src/domain/message-log.js';
import { telling, withAppended } from './log-tricks.js';
import {
  answering,
  behind,
  changed,
  sharedEngine,
  sqliteEngine,
  storing,
  type Saboteur,
} from './sabotage.js';

/** The numbers of a log, in one process and in several. */
export const numberSaboteurs: readonly Saboteur[] = [
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
];
