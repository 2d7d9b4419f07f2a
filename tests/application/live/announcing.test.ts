import { expect, test } from '@jest/globals';
import { announcing } from '../../../src/application/live/announcing.js';
import { MemoryStorage } from '../../../src/adapters/storage/memory/memory-storage.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import { Room } from '../../../src/domain/room.js';
import { Session } from '../../../src/domain/session.js';
import { User } from '../../../src/domain/user.js';
import type { Repositories, Written } from '../../../src/application/ports.js';

const listening = (memory = new MemoryStorage()) => {
  const heard: Written[] = [];
  const storage = announcing(memory, (written) => heard.push(written));
  return { memory, storage, heard };
};

const writeAll = async (to: Repositories): Promise<void> => {
  const user = User.guest('user', { shown: 'Alice', key: 'alice' }, 1);
  await to.users.save(user);
  await to.sessions.save(Session.begin('session', 'user', 1));
  await to.rooms.save(Room.create({ id: 'room', name: { shown: 'Tea', key: 'tea' }, capacity: 2 }, user, 1));
  await to.logs.save(MessageLog.open('room', 'epoch'));
};

const ids = (...each: string[]) => new Set(each);

test('what a transaction wrote is heard, each by its id', async () => {
  const { storage, heard } = listening();
  await storage.transact(writeAll);
  expect(heard).toEqual([
    { users: ids('user'), sessions: ids('session'), rooms: ids('room'), logs: ids('room') },
  ]);
});

test('a user that is removed was written, too', async () => {
  const { storage, heard } = listening();
  await storage.transact(writeAll);
  await storage.transact(async ({ users }) => users.remove((await users.get('user'))!));
  expect(heard[1]).toEqual({ users: ids('user'), sessions: ids(), rooms: ids(), logs: ids() });
});

test('what was only read was not written', async () => {
  const { storage, heard } = listening();
  await storage.transact(writeAll);
  await storage.transact(async (to) => {
    await to.users.get('user');
    await to.users.named('alice');
    await to.users.inRoom('room');
    await to.sessions.get('session');
    await to.sessions.liveOf('user');
    await to.rooms.get('room');
    await to.rooms.named('tea');
    await to.logs.get('room');
    await to.logs.receipt('room', 'user', 'key');
  });
  await storage.read((from) => from.rooms());
  expect(heard).toHaveLength(2);
  expect(heard[1]).toEqual({ users: ids(), sessions: ids(), rooms: ids(), logs: ids() });
});

test('it is heard once it is committed, and before whoever asked for it hears that it is done', async () => {
  const memory = new MemoryStorage();
  const order: string[] = [];
  const storage = announcing(
    {
      read: (work) => memory.read(work),
      async transact(work) {
        const result = await memory.transact(work);
        order.push('committed');
        return result;
      },
    },
    () => order.push('heard'),
  );
  await storage.transact(writeAll).then(() => order.push('answered'));
  expect(order).toEqual(['committed', 'heard', 'answered']);
});

test('after a failure it is heard as well, since the commit may have happened', async () => {
  const memory = new MemoryStorage();
  const heard: Written[] = [];
  const storage = announcing(
    {
      read: (work) => memory.read(work),
      async transact(work) {
        await memory.transact(work);
        throw new Error('the confirmation was lost');
      },
    },
    (written) => heard.push(written),
  );
  await expect(storage.transact(writeAll)).rejects.toThrow('the confirmation was lost');
  expect(heard[0]!.users).toEqual(ids('user'));
});

test('what is given and what is thrown pass through', async () => {
  const { storage } = listening();
  expect(await storage.transact(async () => 7)).toBe(7);
  expect(await storage.read(async (from) => (await from.rooms()).length)).toBe(0);
  await expect(storage.transact(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
});
