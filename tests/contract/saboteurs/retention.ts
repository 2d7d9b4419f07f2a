import type { LogRepository } from '../../../src/application/ports.js';
import type { Entry } from '../../../src/domain/message-log.js';
import { mistaking, telling, withAppended } from './log-tricks.js';
import { behind, changed, storing, type Saboteur } from './sabotage.js';

/** What is kept of a log, and how a late retry is known. */
export const retentionSaboteurs: readonly Saboteur[] = [
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
];
