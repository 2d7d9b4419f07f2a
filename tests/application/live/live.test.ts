import { expect, test } from '@jest/globals';
import { announcing } from '../../../src/application/live/announcing.js';
import { Callers } from '../../../src/application/live/callers.js';
import { Live } from '../../../src/application/live/live.js';
import { steadyPace } from '../../../src/adapters/system/steady-pace.js';
import type { UnitOfWork, Written } from '../../../src/application/ports.js';
import { MemoryStorage } from '../../../src/adapters/storage/memory/memory-storage.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import { Room } from '../../../src/domain/room.js';
import { Session } from '../../../src/domain/session.js';
import { User } from '../../../src/domain/user.js';
import { NotingChanges } from '../../support/noting-changes.js';
import { Gate, settle, slowReads } from '../slow-storage.js';

const HISTORY = 250;

/** One user, with the session `s1`, and one room, on a storage that can be made slow. Others may write to it; it may say what. */
const scene = async (writers: 'alone' | 'others' | 'others who are told of' = 'alone') => {
  const memory = new MemoryStorage();
  const others = new NotingChanges(memory);
  const reads = new Gate();
  const callers = new Callers();
  const tells = writers === 'others who are told of';
  const live = new Live(
    { ...slowReads(asFromFile(memory), reads), ...(tells && { changes: others.open() }) },
    callers,
    writers !== 'alone',
    steadyPace,
  );
  const storage = announcing(memory, (written) => live.heed(written));
  await storage.transact(async (to) => {
    const room = Room.create({ id: 'room', name: { shown: 'Room', key: 'room' }, capacity: 9 }, ALICE, 1);
    await to.users.save(User.guest('alice', { shown: 'Alice', key: 'alice' }, 1));
    await to.sessions.save(Session.begin('s1', 'alice', 1));
    await to.rooms.save(room);
    await to.logs.save(MessageLog.open('room', 'epoch 1'));
  });
  const standingOf = (sessionId: string) => live.standing(callers.of(sessionId));
  return {
    live,
    standingOf,
    storage,
    /** The same storage, as other processes write to it. */
    others,
    archive: memory.archive,
    reads,
    post: (count = 1) =>
      storage.transact(async (to) => {
        const log = (await to.logs.get('room'))!;
        for (let n = 0; n < count; n++) log.append(draft(`${log.head.last + 1}`), 1, HISTORY);
        await to.logs.save(log);
      }),
    takeOver: (from: string, to: string) =>
      storage.transact(async ({ sessions }) => {
        const session = (await sessions.get(from))!;
        session.end('taken-over', 2);
        await sessions.save(session);
        await sessions.save(Session.begin(to, 'alice', 2));
      }),
    enter: () =>
      storage.transact(async ({ users, rooms }) => {
        const user = (await users.get('alice'))!;
        const room = (await rooms.get('room'))!;
        user.enter(room, null);
        await users.save(user);
        await rooms.save(room);
      }),
    roomOf: async (sessionId: string) => (await standingOf(sessionId))?.user?.roomId,
  };
};

/** Rooms are new objects each time, as where they are read from a file; in memory, they are what was saved. */
const asFromFile = (storage: UnitOfWork): UnitOfWork => ({
  read: (work) =>
    storage.read((from) =>
      work({
        ...from,
        outlooks: async (...asked) =>
          (await from.outlooks(...asked)).map((one) => ({ ...one, room: { ...one.room } })),
      }),
    ),
  transact: (work) => storage.transact(work),
});

const ALICE = { id: 'alice', username: 'Alice' };
const draft = (key: string) => ({
  authorId: 'alice',
  author: 'Alice',
  guest: true,
  text: key,
  clientMessageId: key,
  digest: key,
});
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const seqs = (entries: readonly { seq: number }[]) => entries.map(({ seq }) => seq);

test('what was read once is answered at once, until it is written', async () => {
  const { live, post } = await scene();
  await live.outlook('room');
  expect(live.outlook('room')).not.toBeInstanceOf(Promise);
  await post();
  expect(live.outlook('room')).toBeInstanceOf(Promise);
});

test('where other processes write too and storage cannot say what, everything is read anew by whoever has caught up', async () => {
  const { live, standingOf } = await scene('others');
  await live.outlook('room');
  await standingOf('s1');
  await live.catchUp();
  expect(live.outlook('room')).toBeInstanceOf(Promise);
  expect(standingOf('s1')).toBeInstanceOf(Promise);
});

test('where storage says what others wrote, that is read anew by whoever has caught up, and the rest is answered at once', async () => {
  const { live, standingOf, others } = await scene('others who are told of');
  const post = () =>
    others.transact(async ({ logs }) => {
      const log = (await logs.get('room'))!;
      log.append(draft(`${log.head.last + 1}`), 1, HISTORY);
      await logs.save(log);
    });
  const enter = () =>
    others.transact(async ({ users }) => {
      const user = (await users.get('alice'))!;
      await users.save(new User({ ...user.state, roomId: 'room' }));
    });
  await live.catchUp();
  await Promise.all([live.outlook('room'), standingOf('s1')]);
  await live.catchUp();
  expect(live.outlook('room')).not.toBeInstanceOf(Promise);
  await post();
  await live.catchUp();
  expect(standingOf('s1')).not.toBeInstanceOf(Promise);
  expect((await live.outlook('room'))!.head.last).toBe(1);
  await enter();
  await live.catchUp();
  expect(live.outlook('room')).not.toBeInstanceOf(Promise);
  expect((await standingOf('s1'))!.user!.roomId).toBe('room');
});

test('what was being read when others are found to have written it is not kept', async () => {
  const { live, others, reads } = await scene('others who are told of');
  await live.catchUp();
  reads.close();
  const early = live.outlook('room');
  await settle();
  await others.transact(async ({ rooms }) => {
    const room = (await rooms.get('room'))!;
    room.admit();
    await rooms.save(room);
  });
  await live.catchUp();
  reads.open();
  expect((await early)!.room.members).toBe(0);
  expect((await live.outlook('room'))!.room.members).toBe(1);
});

test('whoever cannot be told what others wrote hears so, and whoever asks then is told all of it', async () => {
  const memory = new MemoryStorage();
  const answers: (Written | null | Error)[] = [null, new Error('away'), null];
  const changes = async () => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const read: UnitOfWork['read'] = (work) => memory.read(work);
  const live = new Live({ read, changes }, new Callers(), true);
  await live.catchUp();
  const before = await live.rooms();
  await memory.transact(({ rooms }) =>
    rooms.save(Room.create({ id: 'new', name: { shown: 'New', key: 'new' }, capacity: 9 }, ALICE, 1)),
  );
  await expect(live.catchUp()).rejects.toThrow('away');
  await live.catchUp();
  expect([before.length, (await live.rooms()).length]).toEqual([0, 1]);
});

test('where anything may have been written, of a history that was read before nothing is gone on with, nor of one that is being read', async () => {
  const [lost, found] = await Promise.all(
    ['lost', 'found'].map(async (text) => {
      const memory = new MemoryStorage();
      await memory.transact(async ({ rooms, logs }) => {
        const room = { id: 'room', name: { shown: 'Room', key: 'room' }, capacity: 9 };
        await rooms.save(Room.create(room, ALICE, 1));
        const log = MessageLog.open('room', 'the same epoch');
        log.append(draft(text), 1, HISTORY);
        await logs.save(log);
      });
      return memory;
    }),
  );
  let storage = lost!;
  const reads = new Gate();
  const read: UnitOfWork['read'] = (work) => slowReads(storage, reads).read(work);
  const live = new Live({ read, changes: async () => null }, new Callers(), true);
  await live.outlook('room');
  await live.catchUp();
  reads.close();
  const early = live.outlook('room');
  await settle();
  storage = found!;
  await live.catchUp();
  reads.open();
  expect((await early)!.entries).toMatchObject([{ text: 'lost' }]);
  expect((await live.outlook('room'))!.entries).toMatchObject([{ text: 'found' }]);
});

test('where nobody else writes there is nothing to catch up with', async () => {
  const { live } = await scene();
  expect(live.catchUp()).toBeNull();
});

test('an outlook is the same object as long as nothing changed, even when it was read again', async () => {
  const { live } = await scene('others');
  const first = await live.outlook('room');
  await live.catchUp();
  expect(live.outlook('room')).toBeInstanceOf(Promise);
  expect(await live.outlook('room')).toBe(first);
});

test('an outlook is another object once a member came or an entry was appended', async () => {
  const { live, post, enter } = await scene();
  const empty = await live.outlook('room');
  await enter();
  const entered = await live.outlook('room');
  await post();
  const posted = await live.outlook('room');
  expect(entered).not.toBe(empty);
  expect(entered!.room.members).toBe(1);
  expect(posted).not.toBe(entered);
});

test('a room is the same object as long as nothing of itself changed, however many entries are appended', async () => {
  const { live, post, enter } = await scene();
  await enter();
  const { room } = (await live.outlook('room'))!;
  await post();
  const posted = (await live.outlook('room'))!;
  expect(posted.head.last).toBe(1);
  expect(posted.room).toBe(room);
});

test('an outlook that is asked for while an older one is read is read for itself', async () => {
  const { live, post, reads } = await scene();
  reads.close();
  const early = live.outlook('room');
  await settle();
  await post();
  const late = live.outlook('room');
  reads.open();
  expect((await early)!.head.last).toBe(0);
  expect((await late)!.head.last).toBe(1);
});

test('what was written while it was read is not kept', async () => {
  const { standingOf, enter, reads, roomOf } = await scene();
  reads.close();
  const early = standingOf('s1');
  await settle();
  await enter();
  reads.open();
  await early;
  expect(await roomOf('s1')).toBe('room');
});

test('where others have written, nothing that was read before, or is being read, is gone by any more', async () => {
  const { live, standingOf, archive, post, roomOf, reads } = await scene();
  await post(3);
  await Promise.all([live.outlook('room'), standingOf('s1'), live.rooms()]);
  reads.close();
  const early = live.outlook('late');
  await settle();
  await archive.write(async (to) => {
    const [[room], [user]] = await archive.read(async (from) => [
      await from.page('room', null, 1),
      await from.page('user', null, 1),
    ]);
    await to.put('user', [{ ...user!, roomId: 'room' }]);
    await to.put('room', [room!, { ...room!, id: 'late', name: 'Late', nameKey: 'late' }]);
    for (const roomId of ['room', 'late']) {
      await to.put('log', [{ roomId, epoch: 'epoch 2', first: 4, last: 3, closed: false }]);
    }
  });
  live.forget();
  reads.open();
  expect(await early).toBeUndefined();
  expect((await live.outlook('room'))!).toMatchObject({ head: { epoch: 'epoch 2' }, entries: [] });
  expect((await live.outlook('late'))!.head.epoch).toBe('epoch 2');
  expect(await roomOf('s1')).toBe('room');
  expect((await live.rooms()).map(({ id }) => id)).toEqual(['late', 'room']);
});

test('after a take-over the new session sees what is written about its user while it is first read', async () => {
  const { standingOf, takeOver, enter, reads, roomOf } = await scene();
  await standingOf('s1');
  await takeOver('s1', 's2');
  reads.close();
  const early = standingOf('s2');
  await settle();
  await enter();
  reads.open();
  await early;
  expect(await roomOf('s2')).toBe('room');
});

test('letting go of a session that was taken over does not cut the new one off from what is written', async () => {
  const { live, standingOf, takeOver, enter, roomOf } = await scene();
  await takeOver('s1', 's2');
  await standingOf('s2');
  await standingOf('s1');
  live.tidy((id) => id === 's2');
  await standingOf('s2');
  await enter();
  expect(await roomOf('s2')).toBe('room');
});

test('tidying lets go of whoever was not seen lately, and of rooms that nobody is left in', async () => {
  const { live, standingOf } = await scene();
  await standingOf('s1');
  await live.outlook('room');
  live.tidy(() => false);
  expect(standingOf('s1')).toBeInstanceOf(Promise);
  expect(live.outlook('room')).toBeInstanceOf(Promise);
});

test('tidying keeps whoever was seen, with the room they are in', async () => {
  const { live, standingOf, enter } = await scene();
  await enter();
  await standingOf('s1');
  await live.outlook('room');
  live.tidy(() => true);
  expect(standingOf('s1')).not.toBeInstanceOf(Promise);
  expect(live.outlook('room')).not.toBeInstanceOf(Promise);
});

test('tidying while a room is read leaves nothing out of what is read', async () => {
  const { live, post, reads } = await scene();
  await post(3);
  await live.outlook('room');
  await post();
  reads.close();
  const asked = live.outlook('room');
  await settle();
  live.tidy(() => false);
  live.tidy(() => false);
  reads.open();
  expect(seqs((await asked)!.entries)).toEqual([1, 2, 3, 4]);
});

test('where other processes write too, tidying keeps what lately asked rooms had', async () => {
  const { live } = await scene('others');
  const before = await live.outlook('room');
  live.tidy(() => false);
  expect(await live.outlook('room')).toBe(before);
  live.tidy(() => false);
  live.tidy(() => false);
  expect(await live.outlook('room')).not.toBe(before);
});

test.each([
  ['a few at a time', [3, 4, 5]],
  ['more than an answer holds at once', [3, 201, 4]],
  ['so many that the history is trimmed', [240, 100, 7]],
  ['one by one over the limit', [199, 1, 1, 1]],
])('new entries go behind those held, without a hole: %s', async (_, counts) => {
  const { live, post } = await scene();
  let last = 0;
  for (const count of counts) {
    await post(count);
    last += count;
    const { entries, head } = (await live.outlook('room'))!;
    expect(seqs(entries)).toEqual(numbers(Math.max(head.first, last - 199), last));
  }
});

test('of a log that begins another life, nothing of the old one is held', async () => {
  const { live, storage, post } = await scene();
  await post(3);
  await live.outlook('room');
  await storage.transact(async ({ logs }) => {
    const log = MessageLog.open('room', 'epoch 2');
    for (let n = 1; n <= 5; n++) log.append(draft(`new ${n}`), 1, HISTORY);
    // The old entries go with the old life.
    const old = (await logs.get('room'))!;
    old.close();
    await logs.save(old);
    await logs.save(log);
  });
  const { head, entries } = (await live.outlook('room'))!;
  expect(head.epoch).toBe('epoch 2');
  expect(entries.map(({ text }) => text)).toEqual(['new 1', 'new 2', 'new 3', 'new 4', 'new 5']);
});

test('the list of rooms is one array until a room is written', async () => {
  const { live, enter, post } = await scene();
  const before = await live.rooms();
  await post();
  expect(await live.rooms()).toBe(before);
  await enter();
  expect((await live.rooms())[0]!.members).toBe(1);
});

test('where other processes write too, the list of rooms is read anew and yet one array until any of it is different', async () => {
  const { live, others } = await scene('others');
  const rooms = async () => {
    await live.catchUp();
    return live.rooms();
  };
  const ids = async () => (await rooms()).map(({ id }) => id);
  const before = await rooms();
  expect(await rooms()).toBe(before);
  const create = (id: string) =>
    others.transact(({ rooms }) =>
      rooms.save(Room.create({ id, name: { shown: id, key: id }, capacity: 9 }, ALICE, 1)),
    );
  await create('later');
  expect(await ids()).toEqual(['later', 'room']);
  await others.transact(async ({ rooms }) => {
    const room = (await rooms.get('later'))!;
    room.admit();
    await rooms.save(room);
  });
  expect((await rooms()).map(({ members }) => members)).toEqual([1, 0]);
  await others.transact(async ({ rooms }) => {
    const room = (await rooms.get('later'))!;
    room.delete(ALICE, 2);
    await rooms.save(room);
  });
  await create('newer');
  expect(await ids()).toEqual(['newer', 'room']);
});

test('where other processes write too, the list of rooms is read twenty times a second, however many ask, and is never from before they asked', async () => {
  const memory = new MemoryStorage();
  let now = 0;
  let reads = 0;
  let later: { at: number; work: () => void }[] = [];
  const pace = {
    now: () => now,
    later: (ms: number, work: () => void) => void later.push({ at: now + ms, work }),
  };
  const read: UnitOfWork['read'] = (work) => {
    reads += 1;
    return memory.read(work);
  };
  const callers = new Callers();
  const live = new Live({ read }, callers, true, pace);
  const asked: Promise<number>[] = [];
  const written: number[] = [];
  const ask = async () => {
    await live.catchUp();
    return (await live.rooms()).length;
  };
  for (; now < 1100; now += 1) {
    const due = later.filter(({ at }) => at <= now);
    later = later.filter(({ at }) => at > now);
    for (const { work } of due) work();
    if (now % 7 === 0) {
      const room = { id: `room ${now}`, name: { shown: `${now}`, key: `${now}` }, capacity: 9 };
      await memory.transact(({ rooms }) => rooms.save(Room.create(room, ALICE, 1)));
    }
    written.push(Math.floor(now / 7) + 1);
    if (now < 1000) asked.push(ask());
    await settle();
  }
  const answers = await Promise.all(asked);
  answers.forEach((length, at) => expect(length).toBeGreaterThanOrEqual(written[at]!));
  expect(reads).toBeGreaterThan(1);
  expect(reads).toBeLessThanOrEqual(22);
});

test('a user’s ended session, known from before it ended, does not hide that the user was written', async () => {
  const { standingOf, reads, takeOver, enter, roomOf } = await scene();
  reads.close();
  const early = standingOf('s1');
  await settle();
  await takeOver('s1', 's2');
  reads.open();
  await early;
  expect((await standingOf('s1'))!.session.ending).toBe('taken-over');
  reads.close();
  const before = standingOf('s2');
  await settle();
  await enter();
  reads.open();
  await before;
  expect(await roomOf('s2')).toBe('room');
});
