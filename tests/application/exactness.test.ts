import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { announcing } from '../../src/application/live/announcing.js';
import { Callers } from '../../src/application/live/callers.js';
import { Live } from '../../src/application/live/live.js';
import type { Storage, UnitOfWork } from '../../src/application/ports.js';
import { steadyPace } from '../../src/adapters/system/steady-pace.js';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { MessageLog } from '../../src/domain/message-log.js';
import { Room } from '../../src/domain/room.js';
import { Session } from '../../src/domain/session.js';
import { User } from '../../src/domain/user.js';
import { NotingChanges } from '../support/noting-changes.js';

const STEPS = [
  'post',
  'write the user',
  'write the room',
  'take over',
  'ask who',
  'ask who it was',
  'ask the room',
  'poll',
  'ask the rooms',
  'tidy',
  'let one pass',
] as const;

/**
 * A storage that is as slow as the run of the test says: reads see what there is when they begin or when they are
 * answered, and a commit is acknowledged long after it happened.
 */
const slow = (
  { read, transact, changes }: Pick<Storage, 'read' | 'transact' | 'changes'>,
  scheduler: fc.Scheduler,
  seesEarly: () => boolean,
): Pick<Storage, 'read' | 'transact' | 'changes'> => {
  const slowly = async <T>(see: () => Promise<T>): Promise<T> => {
    if (seesEarly()) {
      const seen = await see();
      await scheduler.schedule(Promise.resolve(), 'a read is answered');
      return seen;
    }
    await scheduler.schedule(Promise.resolve(), 'a read begins');
    return see();
  };
  return {
    read: (work) => slowly(() => read(work)),
    async transact(work) {
      const result = await transact(work);
      await scheduler.schedule(Promise.resolve(), 'a commit is acknowledged');
      return result;
    },
    ...(changes && { changes: () => slowly(changes) }),
  };
};

/** Whether other processes write to the storage; whether it says what, and whether it is asked for that at any time, then. */
interface Sharing {
  readonly shared: boolean;
  readonly tells?: boolean;
  readonly isPaced?: boolean;
}

/**
 * Versions of one user, its session and one room, on a storage of its own. `acknowledged` has what whoever asks from
 * now on must see at least.
 */
const scene = async (
  scheduler: fc.Scheduler,
  { shared, tells = false, isPaced = false }: Sharing,
  early: readonly boolean[],
) => {
  const memory = new MemoryStorage();
  const guest = User.guest('user', { shown: 'Alice', key: 'alice' }, 0);
  const user = new User({ ...guest.state, roomId: 'room' });
  const room = Room.create({ id: 'room', name: { shown: 'Tea', key: 'tea' }, capacity: 9 }, user, 1);
  await memory.transact(async (to) => {
    await to.users.save(user);
    await to.sessions.save(Session.begin('s0', 'user', 0));
    await to.rooms.save(room);
    await to.logs.save(MessageLog.open('room', 'epoch'));
  });
  let reads = 0;
  const seesEarly = () => early[reads++ % early.length] ?? true;
  const noting = new NotingChanges(memory);
  const read: UnitOfWork['read'] = (work) => memory.read(work);
  const { transact } = noting;
  const storage = slow({ read, transact, ...(tells && { changes: noting.open() }) }, scheduler, seesEarly);
  const callers = new Callers();
  const live = new Live(storage, callers, shared, isPaced ? steadyPace : undefined);
  /** Where the storage is shared, it is another process that writes: nobody here hears of it. */
  const writing = shared ? storage : announcing(storage, (written) => live.heed(written));
  const acknowledged = { user: 0, room: 0, log: 0, session: 0 };
  const given = { ...acknowledged };
  const acknowledge = (kind: keyof typeof given, version: number) => () => {
    acknowledged[kind] = Math.max(acknowledged[kind], version);
  };

  /** A user’s or a room’s version is stored where nothing else happens in this test. */
  const write = {
    post: () => {
      const version = ++given.log;
      return writing
        .transact(async ({ logs }) => {
          const log = (await logs.get('room'))!;
          const text = `${log.head.last + 1}`;
          const draft = {
            authorId: 'user',
            author: 'Alice',
            guest: true,
            text,
            clientMessageId: text,
            digest: text,
          };
          log.append(draft, 1, 5);
          await logs.save(log);
        })
        .then(acknowledge('log', version));
    },
    'write the user': () => {
      const version = ++given.user;
      return writing
        .transact(async ({ users }) => {
          const { state } = (await users.get('user'))!;
          await users.save(new User({ ...state, createdAt: Math.max(version, state.createdAt) }));
        })
        .then(acknowledge('user', version));
    },
    'write the room': () => {
      const version = ++given.room;
      return writing
        .transact(async ({ rooms }) => {
          const { state } = (await rooms.get('room'))!;
          await rooms.save(new Room({ ...state, members: Math.max(version, state.members) }));
        })
        .then(acknowledge('room', version));
    },
    'take over': () => {
      const version = ++given.session;
      return writing
        .transact(async ({ sessions }) => {
          const session = await sessions.liveOf('user');
          session?.end('taken-over', 1);
          if (session) await sessions.save(session);
          await sessions.save(Session.begin(`s${version}`, 'user', 0));
        })
        .then(acknowledge('session', version));
    },
  };

  const ask = {
    'ask who': async () => {
      const least = { ...acknowledged };
      await live.catchUp();
      const standing = await live.standing(callers.of(`s${least.session}`));
      if (standing?.session.ending !== null) return;
      expect(standing.user?.createdAt).toBeGreaterThanOrEqual(least.user);
    },
    'ask who it was': async () => {
      const { session } = acknowledged;
      await live.catchUp();
      const standing = session > 0 ? await live.standing(callers.of(`s${session - 1}`)) : undefined;
      if (session > 0) expect(standing?.session.ending).toBe('taken-over');
    },
    'ask the room': async () => {
      const least = { ...acknowledged };
      await live.catchUp();
      const { head, room: state, entries } = (await live.outlook('room'))!;
      expect(head.last).toBeGreaterThanOrEqual(least.log);
      expect(state.members).toBeGreaterThanOrEqual(least.room);
      expect(entries.map(({ seq }) => seq)).toEqual(
        Array.from({ length: head.last - head.first + 1 }, (_, at) => head.first + at),
      );
    },
    poll: async () => {
      const least = { ...acknowledged };
      await live.catchUp();
      const standing = await live.standing(callers.of(`s${least.session}`));
      if (standing === undefined) return;
      const { head, room: state } = (await live.outlook('room'))!;
      expect(head.last).toBeGreaterThanOrEqual(least.log);
      expect(state.members).toBeGreaterThanOrEqual(least.room);
    },
    'ask the rooms': async () => {
      const least = { ...acknowledged };
      await live.catchUp();
      expect((await live.rooms())[0]!.members).toBeGreaterThanOrEqual(least.room);
    },
  };

  const tidy = (): Promise<void> => {
    live.tidy((id) => id === `s${acknowledged.session}`);
    return Promise.resolve();
  };
  return { ...write, ...ask, tidy };
};

const run = (sharing: Sharing, numRuns = 400) =>
  fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.oneof(fc.constantFrom(...STEPS), fc.constant('let one pass' as const)), {
        maxLength: 60,
        size: 'max',
      }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      async (scheduler, steps, early) => {
        const can = await scene(scheduler, sharing, early);
        const underWay: Promise<void>[] = [];
        for (const step of steps) {
          if (step !== 'let one pass') underWay.push(can[step]());
          else if (scheduler.count() > 0) await scheduler.waitOne();
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
        await scheduler.waitFor(Promise.all(underWay));
      },
    ),
    { numRuns },
  );

test('whoever asks after a write was acknowledged never sees what was before it, however slow storage is', () =>
  run({ shared: false }));

test('the same holds where other processes write to the storage, which does not say what', () =>
  run({ shared: true }));

test('the same holds where it says what they wrote', () => run({ shared: true, tells: true }));

test('the same holds where questions after that gather for the next', () =>
  run({ shared: true, tells: true, isPaced: true }, 80));
