import type { Readers, Repositories, UnitOfWork } from '../../../src/application/ports.js';
import type { Capabilities, Engine, OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { memoryEngine } from '../../../src/adapters/storage/memory/memory-engine.js';
import { sqliteEngine } from '../../../src/adapters/storage/sqlite/sqlite-engine.js';
import { NotingChanges } from '../../support/noting-changes.js';
import { Sights } from './sights.js';

export { memoryEngine, sqliteEngine };

/** An engine that is broken on purpose, and the rule by whose name the contract says so. */
export interface Saboteur {
  /** What it does wrong. */
  readonly does: string;
  /** The name of the case that catches it. */
  readonly caughtBy: string;
  /** The whole message of the error that it is caught by, where that is another than an expectation that failed. */
  readonly saying?: string;
  readonly engine: Engine;
}

/** A sound engine with something in front of it. `wrap` is called for each storage that is opened. */
export const behind = (
  wrap: (storage: OpenedStorage) => Partial<OpenedStorage>,
  sound = memoryEngine,
): Engine => ({
  ...sound,
  async open(address, how) {
    const storage = await sound.open(address, how);
    return {
      shared: storage.shared,
      archive: storage.archive,
      read: (work) => storage.read(work),
      transact: (work) => storage.transact(work),
      ping: () => storage.ping(),
      close: () => storage.close(),
      watch: (told) => storage.watch?.(told),
      ...(storage.exchange && { exchange: storage.exchange }),
      ...(storage.changes && { changes: () => storage.changes!() }),
      ...wrap(storage),
    };
  },
});

/** An engine whose reads answer something else. */
export const answering = (change: (from: Readers) => Partial<Readers>, sound = memoryEngine): Engine =>
  behind(
    (storage) => ({ read: (work) => storage.read((from) => work({ ...from, ...change(from) })) }),
    sound,
  );

export type Changes = { readonly [kind in keyof Repositories]?: Partial<Repositories[kind]> };

export const changed = (to: Repositories, changes: Changes): Repositories => ({
  sessions: { ...to.sessions, ...changes.sessions },
  users: { ...to.users, ...changes.users },
  rooms: { ...to.rooms, ...changes.rooms },
  logs: { ...to.logs, ...changes.logs },
});

/** An engine whose repositories do something else. `begin` is called for each storage that is opened. */
export const storing = (begin: () => (to: Repositories) => Changes, sound = memoryEngine): Engine =>
  behind((storage) => {
    const change = begin();
    return { transact: (work) => storage.transact((to) => work(changed(to, change(to)))) };
  }, sound);

/** A sound engine that several processes may share: all that is opened under one address is one store. */
export const sharedEngine = (capabilities: Capabilities): Engine => {
  const beginning = async () => {
    const storage = await memoryEngine.open('memory:');
    return { storage, noting: new NotingChanges(storage), sights: new Sights() };
  };
  const stores = new Map<string, ReturnType<typeof beginning>>();
  return {
    scheme: 'shared',
    capabilities,
    async open(address) {
      const store = stores.get(address) ?? beginning();
      stores.set(address, store);
      const { storage, noting, sights } = await store;
      return {
        shared: capabilities.shared,
        archive: storage.archive,
        ...(capabilities.shared && { exchange: sights.open(), changes: noting.open() }),
        read: (work) => storage.read(work),
        transact: noting.transact,
        ping: () => storage.ping(),
        close: async () => undefined,
      };
    },
  };
};

/** Each method a unit of work of its own: what a handle does that has none to itself. */
export const oneByOne = (storage: UnitOfWork): Repositories => ({
  sessions: {
    get: (id) => storage.transact(({ sessions }) => sessions.get(id)),
    liveOf: (userId) => storage.transact(({ sessions }) => sessions.liveOf(userId)),
    save: (session) => storage.transact(({ sessions }) => sessions.save(session)),
    forget: (endedBefore) => storage.transact(({ sessions }) => sessions.forget(endedBefore)),
  },
  users: {
    get: (id) => storage.transact(({ users }) => users.get(id)),
    named: (usernameKey) => storage.transact(({ users }) => users.named(usernameKey)),
    inRoom: (roomId) => storage.transact(({ users }) => users.inRoom(roomId)),
    save: (user) => storage.transact(({ users }) => users.save(user)),
    remove: (user) => storage.transact(({ users }) => users.remove(user)),
  },
  rooms: {
    get: (id) => storage.transact(({ rooms }) => rooms.get(id)),
    named: (nameKey) => storage.transact(({ rooms }) => rooms.named(nameKey)),
    save: (room) => storage.transact(({ rooms }) => rooms.save(room)),
  },
  logs: {
    get: (roomId) => storage.transact(({ logs }) => logs.get(roomId)),
    receipt: (...key) => storage.transact(({ logs }) => logs.receipt(...key)),
    save: (log) => storage.transact(({ logs }) => logs.save(log)),
  },
});

export const readOneByOne = (storage: UnitOfWork): Readers => ({
  standings: (ids) => storage.read((from) => from.standings(ids)),
  outlooks: (asked, limit) => storage.read((from) => from.outlooks(asked, limit)),
  rooms: () => storage.read((from) => from.rooms()),
  entries: (roomId, first, limit) => storage.read((from) => from.entries(roomId, first, limit)),
  userNamed: (usernameKey) => storage.read((from) => from.userNamed(usernameKey)),
  staleSessions: (...times) => storage.read((from) => from.staleSessions(...times)),
});
