import type { Readers, Repositories } from '../../../src/application/ports.js';
import { User } from '../../../src/domain/user.js';
import { gate } from '../scene.js';
import {
  behind,
  changed,
  memoryEngine,
  oneByOne,
  readOneByOne,
  sharedEngine,
  sqliteEngine,
  type Saboteur,
} from './sabotage.js';

/** Several asked for at once, done as one. */
interface Together {
  readonly work: (to: Repositories) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Transactions that are none, views that are none, handles that outlive both. */
export const transactionSaboteurs: readonly Saboteur[] = [
  {
    does: 'commits what rejected work had stored by then',
    caughtBy: 'work that rejects stores nothing, whatever it did',
    engine: behind((storage) => ({
      async transact(work) {
        const { result } = await storage.transact(async (to) => ({ result: await outcomeOf(work(to)) }));
        if ('error' in result) throw result.error;
        return result.value;
      },
    })),
  },
  {
    does: 'shows what a transaction under way has stored',
    caughtBy: 'nothing of a transaction that is under way is to be seen',
    engine: behind((storage) => {
      let underWay: Repositories | null = null;
      return {
        transact: (work) =>
          storage.transact(async (to) => {
            underWay = to;
            try {
              return await work(to);
            } finally {
              underWay = null;
            }
          }),
        read: (work) =>
          storage.read((from) =>
            work({
              ...from,
              userNamed: async (key) => (await underWay?.users.named(key))?.state ?? from.userNamed(key),
            }),
          ),
      };
    }),
  },
  {
    does: 'commits every call by itself',
    caughtBy: 'a transaction is seen whole or not at all',
    engine: behind((storage) => {
      let turn: Promise<unknown> = Promise.resolve();
      return {
        transact(work) {
          const result = turn.then(() => work(oneByOne(storage)));
          turn = result.catch(() => undefined);
          return result;
        },
      };
    }),
  },
  {
    does: 'acknowledges before it commits',
    caughtBy: 'a read that begins after a write was acknowledged sees it',
    engine: behind((storage) => ({
      transact: (work) =>
        new Promise((resolve, reject) => {
          storage
            .transact(async (to) => {
              resolve(await work(to));
              await new Promise((later) => setTimeout(later, 2));
            })
            .catch(reject);
        }),
    })),
  },
  {
    does: 'takes all that commit together back when one of them rejects',
    caughtBy: 'of many transactions at once those that reject take none of the others with them',
    engine: behind((storage) => {
      let waiting: Together[] = [];
      const commitTogether = async (): Promise<void> => {
        const together = waiting;
        waiting = [];
        try {
          const results = await storage.transact(async (to) => {
            const done: unknown[] = [];
            for (const { work } of together) done.push(await work(to));
            return done;
          });
          together.forEach(({ resolve }, at) => resolve(results[at]));
        } catch (error) {
          for (const { reject } of together) reject(error);
        }
      };
      return {
        transact: <T>(work: (to: Repositories) => Promise<T>) =>
          new Promise<T>((resolve, reject) => {
            if (waiting.length === 0) setImmediate(() => void commitTogether());
            waiting.push({ work, resolve: (value) => resolve(value as T), reject });
          }),
      };
    }),
  },
  {
    does: 'answers from what it read a moment ago',
    caughtBy: 'a read that begins after a write was acknowledged sees it',
    engine: behind((storage) => {
      const kept = new Map<string, { at: number; answer: ReturnType<Readers['outlooks']> }>();
      return {
        read: (work) =>
          storage.read((from) =>
            work({
              ...from,
              outlooks(asked, limit) {
                const key = JSON.stringify([asked, limit]);
                const known = kept.get(key);
                if (known !== undefined && performance.now() - known.at < 50) return known.answer;
                const answer = from.outlooks(asked, limit);
                kept.set(key, { at: performance.now(), answer });
                return answer;
              },
            }),
          ),
      };
    }),
  },
  {
    does: 'lets a read join a view that others have begun',
    caughtBy: 'readers of different views at the same time see each their own',
    engine: behind((storage) => {
      let view: { from: Promise<Readers>; readers: number; end: () => void } | null = null;
      const begin = () => {
        const ended = gate();
        const from = new Promise<Readers>((resolve, reject) => {
          storage
            .read(async (handle) => {
              resolve(handle);
              await ended.opened;
            })
            .catch(reject);
        });
        return { from, readers: 0, end: () => ended.open() };
      };
      return {
        async read(work) {
          const joined = (view ??= begin());
          joined.readers += 1;
          try {
            return await work(await joined.from);
          } finally {
            joined.readers -= 1;
            if (joined.readers === 0) {
              view = null;
              joined.end();
            }
          }
        },
      };
    }),
  },
  {
    does: 'has a view of its own for every question of a reader',
    caughtBy: 'one view does not change under its reader, whatever is committed meanwhile',
    engine: behind((storage) => ({ read: (work) => work(readOneByOne(storage)) })),
  },
  {
    does: 'lets readers wait for writers',
    caughtBy: 'a read does not wait for a transaction that is under way',
    engine: behind((storage) => ({
      read: async (work) => {
        await storage.transact(async () => undefined);
        return storage.read(work);
      },
    })),
  },
  {
    does: 'lets writers wait for readers',
    caughtBy: 'a transaction does not wait for a read that is under way',
    saying: 'the post waited for the reader',
    engine: behind((storage) => {
      const reading = new Set<Promise<unknown>>();
      return {
        read(work) {
          const result = storage.read(work);
          const done = result.catch(() => undefined).finally(() => reading.delete(done));
          reading.add(done);
          return result;
        },
        async transact(work) {
          await Promise.all(reading);
          return storage.transact(work);
        },
      };
    }),
  },
  {
    does: 'lets a handle go on after its transaction',
    caughtBy: 'a handle is refused once its transaction is committed',
    engine: behind((storage) => ({
      transact: (work) =>
        storage.transact(async (to) => {
          let isOver = false;
          const users = { ...to.users };
          users.save = (user) => (isOver ? oneByOne(storage).users.save(user) : to.users.save(user));
          const result = await work(changed(to, { users }));
          isOver = true;
          return result;
        }),
    })),
  },
  {
    does: 'lets a handle go on after its transaction was rolled back',
    caughtBy: 'a handle is refused once its transaction is rolled back',
    engine: behind((storage) => ({
      transact: (work) =>
        storage.transact(async (to) => {
          let isOver = false;
          const rooms = { ...to.rooms };
          rooms.get = (id) => (isOver ? oneByOne(storage).rooms.get(id) : to.rooms.get(id));
          return work(changed(to, { rooms })).catch((error: unknown) => {
            isOver = true;
            throw error;
          });
        }),
    })),
  },
  {
    does: 'lets a reader’s handle go on after its work',
    caughtBy: 'a reader’s handle is refused once its work is done, however it ended',
    engine: behind((storage) => ({
      read: (work) => storage.read((from) => work({ ...from, rooms: () => readOneByOne(storage).rooms() })),
    })),
  },
  {
    does: 'hands the same live aggregate to everyone',
    caughtBy: 'an aggregate that was changed and not saved is not stored',
    engine: behind((storage) => {
      const live = new Map<string, User>();
      return {
        transact: (work) =>
          storage.transact((to) => {
            const get = async (id: string) => {
              const found = live.get(id) ?? (await to.users.get(id));
              if (found !== null) live.set(id, found);
              return found;
            };
            return work(
              changed(to, {
                users: {
                  get,
                  named: async (key) => to.users.named(key).then((user) => user && get(user.id)),
                },
              }),
            );
          }),
      };
    }),
  },
  {
    does: 'stores the aggregate itself instead of its state',
    caughtBy: 'what is done to an aggregate after it was saved is not stored',
    engine: behind((storage) => {
      const stored = new Map<string, User>();
      return {
        transact: (work) =>
          storage.transact((to) =>
            work(
              changed(to, {
                users: {
                  get: async (id) => {
                    const found = stored.get(id);
                    return found === undefined ? to.users.get(id) : new User(found.state);
                  },
                  save: async (user) => {
                    await to.users.save(user);
                    stored.set(user.id, user);
                  },
                },
              }),
            ),
          ),
      };
    }),
  },
  {
    does: 'gives its own lists away',
    caughtBy: 'what a reader does to what it was given changes nothing for anyone else',
    engine: behind((storage) => {
      const kept = new Map<string, ReturnType<Readers['entries']>>();
      let written = 0;
      return {
        transact: (work) => {
          written += 1;
          return storage.transact(work);
        },
        read: (work) =>
          storage.read((from) =>
            work({
              ...from,
              entries(...asked) {
                const key = JSON.stringify([written, asked[0]]);
                const answer = kept.get(key) ?? from.entries(...asked);
                kept.set(key, answer);
                return answer;
              },
            }),
          ),
      };
    }),
  },
  {
    does: 'gives an error of its own for the one that work rejected with',
    caughtBy: 'what work resolves with, or rejects with, reaches whoever asked for it as it is',
    engine: behind((storage) => ({
      transact: (work) =>
        storage.transact(work).catch((error: unknown) => {
          throw new Error('the transaction was rolled back', { cause: error });
        }),
    })),
  },
  {
    does: 'has a transaction read what was there a transaction ago',
    caughtBy: 'a transaction sees what was acknowledged before it began',
    engine: behind((storage) => {
      let justSaved = new Set<string>();
      return {
        transact: (work) =>
          storage.transact((to) => {
            const hidden = justSaved;
            const saved = (justSaved = new Set());
            const save: Repositories['users']['save'] = (user) => {
              saved.add(user.state.usernameKey);
              return to.users.save(user);
            };
            const named: Repositories['users']['named'] = async (key) =>
              hidden.has(key) ? null : to.users.named(key);
            return work(changed(to, { users: { named, save } }));
          }),
      };
    }),
  },
  {
    does: 'calls itself durable, and keeps everything in memory',
    caughtBy: 'what was stored is there again after reopening, and numbers go on where they were',
    saying: 'no room tea',
    engine: { ...memoryEngine, capabilities: { durable: true, shared: false } },
  },
  {
    does: 'opens for a second process what it lets the first one keep in its memory',
    caughtBy: 'what only one process may use is refused to the next, until the first has closed it',
    engine: sharedEngine({ durable: true, shared: false }),
  },
  {
    does: 'calls itself shared, and opens what says that nobody else writes to it',
    caughtBy: 'what was opened says of itself what its engine says: whether it is shared',
    engine: behind(() => ({ shared: false }), sharedEngine({ durable: false, shared: true })),
  },
  {
    does: 'makes a storage of every slip in an address',
    caughtBy: 'what is opened as existing where nothing was stored is refused, and nothing is made there',
    engine: {
      ...sqliteEngine,
      open: (address, how) => sqliteEngine.open(address, { ...how, existing: false }),
    },
  },
  {
    does: 'refuses what is not there, and makes it for the next who asks',
    caughtBy: 'what is opened as existing where nothing was stored is refused, and nothing is made there',
    engine: {
      ...sqliteEngine,
      async open(address, how) {
        try {
          return await sqliteEngine.open(address, how);
        } catch (error) {
          if (how?.existing) await (await sqliteEngine.open(address)).close();
          throw error;
        }
      },
    },
  },
  {
    does: 'goes on after it was closed',
    caughtBy: 'what was closed is refused, and says so at once',
    engine: sharedEngine({ durable: true, shared: true }),
  },
  {
    does: 'calls it a fault of the program that somebody asks after it was closed',
    caughtBy: 'what was closed is refused, and says so at once',
    engine: behind((storage) => {
      const unwrapped = async <T>(asked: Promise<T>): Promise<T> => {
        try {
          return await asked;
        } catch (error) {
          throw new Error((error as Error).message);
        }
      };
      return {
        read: (work) => unwrapped(storage.read(work)),
        transact: (work) => unwrapped(storage.transact(work)),
        ping: () => unwrapped(storage.ping()),
      };
    }, sqliteEngine),
  },
];

const outcomeOf = async <T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> => {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
};
