import { expect } from '@jest/globals';
import type { Readers, Repositories } from '../../../src/application/ports.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { Case } from '../contract.js';
import {
  A_MOMENT_MS,
  account,
  EPOCH,
  gate,
  namedRoom,
  openRoom,
  readLog,
  sayIn,
  session,
  within,
} from '../scene.js';

const everyWrite = ({ users, rooms, sessions, logs }: Repositories): (() => Promise<unknown>)[] => [
  () => users.save(account('late')),
  () => users.remove(account('alice')),
  () => rooms.save(namedRoom('late', { id: 'late' })),
  () => sessions.save(session('late', 'id-of-late')),
  () => sessions.forget(0),
  () => logs.save(MessageLog.open('late', EPOCH)),
];

const everyGet = ({ users, rooms, sessions, logs }: Repositories): (() => Promise<unknown>)[] => [
  () => users.get('id-of-alice'),
  () => users.named('alice'),
  () => users.inRoom('tea'),
  () => rooms.get('tea'),
  () => rooms.named('tea'),
  () => sessions.get('live'),
  () => sessions.liveOf('id-of-alice'),
  () => logs.get('tea'),
  () => logs.receipt('tea', 'id-of-alice', 'key'),
];

const everyReading = (from: Readers): (() => Promise<unknown>)[] => [
  () => from.standings(['live']),
  () => from.outlooks([{ roomId: 'tea', epoch: '', after: 0 }], 10),
  () => from.rooms(),
  () => from.entries('tea', 0, 10),
  () => from.userNamed('alice'),
  () => from.staleSessions(0, 0, 10),
];

const refused = async (uses: readonly (() => Promise<unknown>)[]): Promise<void> => {
  for (const use of uses) {
    await within(
      A_MOMENT_MS,
      expect(use()).rejects.toThrow(),
      'a handle that is over was not refused at once',
    );
  }
};

/** What a unit of work hands out dies with it: later use would be outside of any transaction, unnoticed. */
export const handles: readonly Case[] = [
  {
    name: 'a handle is refused once its transaction is committed',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('alice')));
      const to = await storage.transact(async (handle) => handle);
      await refused([...everyGet(to), ...everyWrite(to)]);
      expect(await storage.read((from) => from.userNamed('late'))).toBeNull();
      expect(await storage.read((from) => from.userNamed('alice'))).not.toBeNull();
    },
  },
  {
    name: 'a handle is refused once its transaction is rolled back',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('alice')));
      let to: Repositories | undefined;
      const work = storage.transact(async (handle) => {
        to = handle;
        throw new Error('changed its mind');
      });
      await expect(work).rejects.toThrow('changed its mind');
      await refused([...everyGet(to!), ...everyWrite(to!)]);
      expect(await storage.read((from) => from.userNamed('late'))).toBeNull();
      expect(await storage.read((from) => from.userNamed('alice'))).not.toBeNull();
    },
  },
  {
    name: 'a handle is refused while another’s transaction is under way, and stores nothing in it',
    async run({ storage }) {
      const late = await storage.transact(async (handle) => handle);
      await storage.transact(async ({ users }) => {
        await users.save(account('alice'));
        await refused(everyWrite(late));
        await users.get('id-of-alice');
      });
      expect(await storage.read((from) => from.userNamed('late'))).toBeNull();
      expect(await storage.read((from) => from.userNamed('alice'))).not.toBeNull();
    },
  },
  {
    name: 'what a transaction forgot to wait for is not stored after it',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      const over = gate();
      let late: Promise<unknown> = Promise.resolve();
      await storage.transact(async ({ logs }) => {
        late = over.opened.then(() => sayIn(logs, 'tea', 'too late'));
        late.catch(() => undefined);
      });
      over.open();
      await expect(late).rejects.toThrow();
      expect((await readLog(storage, 'tea')).head.last).toBe(0);
    },
  },
  {
    name: 'a reader’s handle is refused once its work is done, however it ended',
    async run({ storage }) {
      await refused(everyReading(await storage.read(async (handle) => handle)));
      let from: Readers | undefined;
      const work = storage.read(async (handle) => {
        from = handle;
        throw new Error('changed its mind');
      });
      await expect(work).rejects.toThrow('changed its mind');
      await refused(everyReading(from!));
    },
  },
];
