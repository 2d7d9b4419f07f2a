import { expect } from '@jest/globals';
import type { UnitOfWork } from '../../../src/application/ports.js';
import { Room } from '../../../src/domain/room.js';
import type { Case } from '../contract.js';
import { account, creator, guest, namedRoom, NOW, outcome, session, times } from '../scene.js';

const deleteRoom = (storage: UnitOfWork, id: string): Promise<void> =>
  storage.transact(async ({ rooms }) => {
    const room = (await rooms.get(id))!;
    room.delete(creator, NOW);
    await rooms.save(room);
  });

/** Of one name there is one, at any time: the use case looks first, and the engine holds it to that. */
export const uniqueness: readonly Case[] = [
  {
    name: 'two users of one name cannot be: the second is refused, with all that came along',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('alice')));
      const second = storage.transact(async ({ users }) => {
        await users.save(account('bobby'));
        await users.save(guest('alice', 'another-alice'));
      });
      expect(await outcome(second)).toBe('failed');
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: 'id-of-alice' });
      expect(await storage.read((from) => from.userNamed('bobby'))).toBeNull();
    },
  },
  {
    name: 'names of users are the same whatever their case',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('Alice')));
      expect((await storage.read((from) => from.userNamed('alice')))?.username).toBe('Alice');
      const found = await storage.transact(async ({ users }) => (await users.named('alice'))?.username);
      expect(found).toBe('Alice');
      const second = storage.transact(({ users }) => users.save(account('ALICE', 'another')));
      expect(await outcome(second)).toBe('failed');
    },
  },
  {
    name: 'the name of a user who was removed is free again, at once',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(guest('alice', 'one')));
      await storage.transact(async ({ users }) => {
        await users.remove((await users.get('one'))!);
        expect(await users.named('alice')).toBeNull();
        await users.save(guest('Alice', 'other'));
      });
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: 'other' });
      expect(await storage.transact(({ users }) => users.get('one'))).toBeNull();
    },
  },
  {
    name: 'a user who is got, removed and saved again in one transaction is there',
    async run({ storage }) {
      await storage.transact(({ users }) => users.save(account('alice')));
      await storage.transact(async ({ users }) => {
        const alice = (await users.get('id-of-alice'))!;
        await users.remove(alice);
        await users.save(alice);
      });
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: 'id-of-alice' });
    },
  },
  {
    name: 'a user may be saved again under its own name',
    async run({ storage }) {
      for (const _ of times(3, Number)) {
        await storage.transact(async ({ users }) => {
          await users.save((await users.named('alice')) ?? account('alice'));
        });
      }
      expect(await storage.read((from) => from.userNamed('alice'))).toMatchObject({ id: 'id-of-alice' });
    },
  },
  {
    name: 'two rooms of one name cannot be: the second is refused, with all that came along',
    async run({ storage }) {
      await storage.transact(({ rooms }) => rooms.save(namedRoom('tea', { id: 'one' })));
      const second = storage.transact(async ({ users, rooms }) => {
        await users.save(account('bobby'));
        await rooms.save(namedRoom('tea', { id: 'other' }));
      });
      expect(await outcome(second)).toBe('failed');
      expect(await storage.read((from) => from.rooms())).toMatchObject([{ id: 'one' }]);
      expect(await storage.read((from) => from.userNamed('bobby'))).toBeNull();
    },
  },
  {
    name: 'names of rooms are the same whatever their case',
    async run({ storage }) {
      await storage.transact(({ rooms }) => rooms.save(namedRoom('Tea')));
      const found = await storage.transact(async ({ rooms }) => (await rooms.named('tea'))?.state.name);
      expect(found).toBe('Tea');
      const second = storage.transact(({ rooms }) => rooms.save(namedRoom('TEA')));
      expect(await outcome(second)).toBe('failed');
    },
  },
  {
    name: 'the name of a room that was deleted is free again, and its marker stays under its id',
    async run({ storage }) {
      await storage.transact(({ rooms }) => rooms.save(namedRoom('tea', { id: 'one' })));
      await deleteRoom(storage, 'one');
      expect(await storage.transact(({ rooms }) => rooms.named('tea'))).toBeNull();
      await storage.transact(({ rooms }) => rooms.save(namedRoom('tea', { id: 'other' })));
      const [named, marker] = await storage.transact(async ({ rooms }) => [
        (await rooms.named('tea'))?.state,
        (await rooms.get('one'))?.state,
      ]);
      expect(named).toMatchObject({ id: 'other', deletedBy: null, deletedAt: null });
      expect(marker).toMatchObject({ id: 'one', name: 'tea', deletedBy: 'creator', deletedAt: NOW });
    },
  },
  {
    name: 'any number of deleted rooms may have had one name',
    async run({ storage }) {
      for (const id of ['one', 'two', 'three']) {
        await storage.transact(({ rooms }) => rooms.save(namedRoom('tea', { id })));
        await deleteRoom(storage, id);
      }
      expect(await storage.read((from) => from.rooms())).toEqual([]);
    },
  },
  {
    name: 'a room may be saved again under its own name',
    async run({ storage }) {
      for (const _ of times(3, Number)) {
        await storage.transact(async ({ rooms }) => {
          const room = (await rooms.named('tea')) ?? namedRoom('tea');
          await rooms.save(new Room({ ...room.state, members: room.state.members + 1 }));
        });
      }
      expect(await storage.read((from) => from.rooms())).toMatchObject([{ members: 3 }]);
    },
  },
  {
    name: 'two live sessions of one user cannot be, and a new one may begin where the old one ends',
    async run({ storage }) {
      await storage.transact(({ sessions }) => sessions.save(session('one', 'id-of-alice')));
      const second = storage.transact(({ sessions }) => sessions.save(session('two', 'id-of-alice')));
      expect(await outcome(second)).toBe('failed');
      await storage.transact(async ({ sessions }) => {
        const one = (await sessions.liveOf('id-of-alice'))!;
        one.end('taken-over', NOW);
        await sessions.save(one);
        await sessions.save(session('three', 'id-of-alice'));
      });
      const live = await storage.transact(({ sessions }) => sessions.liveOf('id-of-alice'));
      expect(live?.state.id).toBe('three');
    },
  },
];
