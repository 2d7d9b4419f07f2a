import { expect, jest, test } from '@jest/globals';
import type { SessionEnding } from '../../src/domain/session.js';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { refusal, refusalOf } from '../support/refusal.js';
import { DAY, makeHouse, SECOND } from './fixture.js';
import { interruptible } from './slow-storage.js';

test('whoever bears no session, or one that never was, is not logged in', async () => {
  const house = makeHouse();
  expect(await refusalOf(() => house.authenticate.execute(null))).toBe('not-logged-in');
  expect(await refusalOf(() => house.authenticate.execute(house.callers.of('no session')))).toBe(
    'not-logged-in',
  );
  expect(await house.use.showSession.execute(null)).toEqual({ user: null, room: null, ended: null });
});

test('whoever is known is answered without storage being asked', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  await house.as(alice);
  expect(house.authenticate.execute(house.callers.of(alice.sessionId))).not.toBeInstanceOf(Promise);
});

test('C02: a session lasts as long as its user is heard of', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  for (let n = 0; n < 5; n++) {
    house.clock.advance(DAY - 1);
    await house.as(alice);
  }
  house.clock.advance(DAY);
  expect(await refusal(() => house.as(alice))).toMatchObject({
    code: 'session-ended',
    details: { reason: 'expired' },
  });
});

test('a session ends at the latest after its longest life, however often its user is heard of', async () => {
  const house = makeHouse({ sessionIdleMs: DAY, sessionMaxMs: 3 * DAY });
  const alice = await house.account('Alice');
  for (let n = 0; n < 5; n++) {
    house.clock.advance(DAY / 2);
    await house.as(alice);
  }
  house.clock.advance(DAY / 2);
  expect((await house.show(alice)).ended).toBe('expired');
});

test('C02: whoever is presumed to be who they were is heard of as well', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  for (let n = 0; n < 5; n++) {
    house.clock.advance(DAY - 1);
    expect(await house.authenticate.presume(house.callers.of(alice.sessionId))).toMatchObject({
      user: { username: 'Alice' },
    });
  }
});

test('nobody is presumed by a session that is over, has expired, or never was', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const [alice, bob] = [await house.account('Alice'), await house.account('Bobby')];
  const presumed = (sessionId: string | null) =>
    refusalOf(() => house.authenticate.presume(sessionId === null ? null : house.callers.of(sessionId)));
  expect(await presumed(null)).toBe('not-logged-in');
  expect(await presumed('no session')).toBe('not-logged-in');
  for (const { sessionId } of [alice, bob]) expect(await presumed(sessionId)).toBeNull();
  await house.logOut(bob);
  expect(await presumed(bob.sessionId)).toBe('session-ended');
  expect(await presumed(bob.sessionId)).toBe('session-ended');
  house.clock.advance(DAY);
  expect(await presumed(alice.sessionId)).toBe('session-ended');
});

test('C10: whoever polls until their session has lasted its longest is off the list with it', async () => {
  const house = makeHouse({ sessionIdleMs: DAY, sessionMaxMs: DAY });
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  house.clock.advance(DAY - 1);
  await house.poll(alice, id);
  expect(house.presence.online(id).users).toHaveLength(1);
  house.clock.advance(1);
  expect((await house.show(alice)).ended).toBe('expired');
  expect(house.presence.online(id).users).toEqual([]);
});

test('an expired session leaves the room, at the first question', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  house.clock.advance(DAY);
  await house.show(alice);
  const again = await house.logIn('Alice');
  expect((await house.rooms(again)).rooms[0]!.members).toBe(0);
  expect((await house.enter(again, id)).outlook.room.members).toBe(1);
});

test('the first ending holds, though the session is found expired at the same moment', async () => {
  const { storage } = interruptible(new MemoryStorage());
  const house = makeHouse({ sessionIdleMs: DAY }, storage);
  const alice = await house.account('Alice');
  await house.as(alice);
  house.clock.advance(DAY);
  const leaving = house.logOut(alice);
  const asking = refusal(() => house.as(alice));
  await leaving;
  expect((await asking).details).toEqual({ reason: 'logged-out' });
});

test('C02: a session that another process heard of, as it is found expired here, goes on', async () => {
  const { storage, beforeNextTransaction } = interruptible(new MemoryStorage());
  const house = makeHouse({ sessionIdleMs: DAY }, storage);
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  house.clock.advance(DAY);
  beforeNextTransaction(() =>
    storage.transact(async ({ sessions }) => {
      const session = (await sessions.get(alice.sessionId))!;
      session.see(house.clock.now() - DAY / 2);
      await sessions.save(session);
    }),
  );
  expect(await house.as(alice)).toMatchObject({ user: { username: 'Alice', roomId: id } });
  house.clock.advance(DAY - 1);
  expect((await house.show(alice)).ended).toBeNull();
});

test('C02: a session that was heard of here, as it is found expired by another request, goes on', async () => {
  const { storage, beforeNextTransaction } = interruptible(new MemoryStorage());
  const house = makeHouse({ sessionIdleMs: DAY }, storage);
  const alice = await house.account('Alice');
  house.clock.advance(DAY);
  beforeNextTransaction(async () =>
    house.sightings.note(house.callers.of(alice.sessionId), house.clock.now()),
  );
  expect(await house.as(alice)).toMatchObject({ user: { username: 'Alice' } });
  expect((await house.show(alice)).ended).toBeNull();
});

test('sessions whose time is over are ended though nobody asks, and free guests’ names and places', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const guest = await house.guest('Guest');
  const { id } = await house.createRoom(guest, 'Tea');
  await house.enter(guest, id);
  house.clock.advance(DAY);
  const alice = await house.account('Alice');
  await house.use.expireSessions.execute();
  house.clock.advance(1);
  await house.use.expireSessions.execute();
  expect((await house.rooms(alice)).rooms[0]!.members).toBe(0);
  expect(house.presence.lastSeenAgo(id, guest.user.id)).toBeUndefined();
  expect((await house.show(guest)).ended).toBe('expired');
  expect((await house.show(alice)).ended).toBeNull();
});

test('a session that was seen since storage heard of it is not ended', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const alice = await house.account('Alice');
  house.clock.advance(DAY - 1);
  await house.as(alice);
  house.clock.advance(2);
  await house.use.expireSessions.execute();
  expect((await house.show(alice)).ended).toBeNull();
});

test('however many sessions are over at once, all of them are ended', async () => {
  const house = makeHouse({ sessionIdleMs: DAY });
  const guests = await Promise.all(Array.from({ length: 450 }, (_, n) => house.guest(`guest${n}`)));
  house.clock.advance(DAY + 1);
  await house.use.expireSessions.execute();
  const left = await house.storage.read((from) => from.staleSessions(Infinity, Infinity, 1000));
  expect(left).toEqual([]);
  expect(guests).toHaveLength(450);
});

test('however many sessions were heard of here since they were stored, looking for those that are over comes to an end', async () => {
  const memory = new MemoryStorage();
  const house = makeHouse({ sessionIdleMs: DAY }, memory);
  const guests = await Promise.all(Array.from({ length: 450 }, (_, n) => house.guest(`guest${n}`)));
  house.clock.advance(DAY - 1);
  for (const guest of guests) await house.as(guest);
  house.clock.advance(2);
  const read = memory.read.bind(memory);
  let reads = 0;
  memory.read = (work) => ((reads += 1) > 3 ? Promise.reject(new Error('it looks for ever')) : read(work));
  await house.use.expireSessions.execute();
  memory.read = read;
  for (const guest of guests) expect((await house.show(guest)).ended).toBeNull();
});

test('an ended session is forgotten in the end', async () => {
  const house = makeHouse({ sessionMaxMs: 3 * DAY });
  const alice = await house.account('Alice');
  await house.logOut(alice);
  const remembered = async () =>
    (await house.storage.read((from) => from.standings([alice.sessionId]))).map(
      ({ session }): SessionEnding | null => session.ending,
    );
  house.clock.advance(3 * DAY);
  await house.use.expireSessions.execute();
  expect(await remembered()).toEqual(['logged-out']);
  house.clock.advance((3 * DAY) / 100);
  await house.use.expireSessions.execute();
  expect(await remembered()).toEqual([]);
});

test('where no session has to end, looking for those costs a write seldom, and not each time', async () => {
  const memory = new MemoryStorage();
  const transact = jest.spyOn(memory, 'transact');
  const house = makeHouse({ sessionIdleMs: 50 * DAY, sessionMaxMs: 100 * DAY }, memory);
  await house.account('Alice');
  transact.mockClear();
  for (let hour = 0; hour < 48; hour++) {
    await house.use.expireSessions.execute();
    house.clock.advance(DAY / 24);
  }
  expect(transact).toHaveBeenCalledTimes(2);
});

test('C08: whoever comes back is in the room they were in', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  house.clock.advance(6 * DAY);
  expect(await house.show(alice)).toMatchObject({ user: { username: 'Alice' }, room: { id }, ended: null });
});

test('a fault of storage is not taken for the end of a session', async () => {
  const memory = new MemoryStorage();
  const house = makeHouse({}, memory);
  const alice = await house.account('Alice');
  memory.read = () => Promise.reject(new Error('no storage'));
  await expect(house.show(alice)).rejects.toThrow('no storage');
  house.clock.advance(SECOND);
});
