import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../../src/adapters/storage/memory/memory-storage.js';
import { NotingChanges } from '../support/noting-changes.js';
import { refusal, refusalOf } from '../support/refusal.js';
import { DAY, makeHouse, type House, type Person } from './fixture.js';
import { Gate, interruptible, settle, slowReads } from './slow-storage.js';

const talking = async (house: House = makeHouse()) => {
  const alice = await house.account('Alice');
  const bob = await house.guest('Bobby');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  await house.enter(bob, id);
  return { house, alice, bob, id };
};

const postWithUpdates = async (house: House, who: Person, roomId: string, after: number) =>
  house.use.postMessage.execute(
    await house.as(who),
    { roomId, clientMessageId: 'key', text: 'mine' },
    { after },
  );

test('A09, C06: a message bears its author’s name, from the session, and its time', async () => {
  const { house, bob, id } = await talking();
  const { entry } = await house.post(bob, id, ' hello ');
  expect(entry).toEqual({
    seq: 1,
    kind: 'message',
    authorId: bob.user.id,
    author: 'Bobby',
    guest: true,
    text: 'hello',
    at: house.clock.now(),
    clientMessageId: 'key-1',
  });
});

test('B07, C07: everybody in the room gets a new message by their next poll', async () => {
  const { house, alice, bob, id } = await talking();
  await house.poll(bob, id);
  const { entry } = await house.post(alice, id, 'hello');
  expect((await house.poll(bob, id)).entries).toEqual([entry]);
});

test('B14: messages that are posted at once stand in one order, without a hole, for everybody', async () => {
  const { house, alice, bob, id } = await talking();
  const posts = Array.from({ length: 50 }, (_, n) => house.post(n % 2 ? alice : bob, id, `${n}`));
  const seqs = (await Promise.all(posts)).map(({ entry }) => entry.seq);
  expect([...seqs].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  expect((await house.poll(alice, id)).entries).toEqual((await house.poll(bob, id)).entries);
});

test('a retry is answered by what was stored, however often and from however many at once', async () => {
  const { house, alice, id } = await talking();
  const tries = await Promise.all(Array.from({ length: 20 }, () => house.post(alice, id, 'hello', 'key')));
  expect(tries.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(new Set(tries.map(({ entry }) => JSON.stringify(entry))).size).toBe(1);
  expect((await house.poll(alice, id)).entries).toHaveLength(1);
});

test('a retry is recognised by its text as it is stored, not as it was typed', async () => {
  const { house, alice, id } = await talking();
  await house.post(alice, id, 'one\ntwo', 'key');
  expect((await house.post(alice, id, ' one\r\ntwo ', 'key')).repeated).toBe(true);
});

test('the same key with another text is refused', async () => {
  const { house, alice, id } = await talking();
  await house.post(alice, id, 'hello', 'key');
  expect(await refusal(() => house.post(alice, id, 'goodbye', 'key'))).toMatchObject({
    kind: 'mismatch',
    code: 'client-message-id-reused',
  });
});

test('a key is its author’s own, and the room’s', async () => {
  const { house, alice, bob, id } = await talking();
  await house.post(alice, id, 'hello', 'key');
  expect((await house.post(bob, id, 'goodbye', 'key')).entry.seq).toBe(2);
  const other = await house.createRoom(alice, 'Water');
  await house.leave(alice);
  await house.enter(alice, other.id);
  expect((await house.post(alice, other.id, 'goodbye', 'key')).entry.seq).toBe(1);
});

test('C05: a late retry is known though its entry is no longer kept', async () => {
  const { house, alice, id } = await talking(makeHouse({ roomHistory: 3 }));
  const { entry } = await house.post(alice, id, 'hello', 'key');
  for (let n = 0; n < 5; n++) await house.post(alice, id, 'more');
  house.clock.advance(DAY);
  await house.post(alice, id, 'next day');
  expect(await house.post(alice, id, 'hello', 'key')).toMatchObject({ repeated: true, entry });
  expect((await house.poll(alice, id)).entries.map(({ seq }) => seq)).toEqual([5, 6, 7]);
});

test('B10: nobody posts to a room that they are not in, or are in no more', async () => {
  const { house, alice, bob, id } = await talking();
  const carol = await house.guest('Carol');
  expect(await refusalOf(() => house.post(carol, id, 'hello'))).toBe('not-in-room');
  await house.post(bob, id, 'hello', 'key');
  await house.leave(bob);
  expect(await refusalOf(() => house.post(bob, id, 'hello', 'key'))).toBe('not-in-room');
  await house.deleteRoom(alice, id);
  expect(await refusalOf(() => house.post(alice, id, 'hello'))).toBe('room-deleted');
  expect(await refusalOf(() => house.post(carol, id, 'hello'))).toBe('room-deleted');
  expect(await refusalOf(() => house.post(carol, 'nowhere', 'hello'))).toBe('no-such-room');
});

test('whoever was logged out while the request was under way posts nothing', async () => {
  const { house, alice, bob, id } = await talking();
  const asker = await house.as(bob);
  await house.logOut(bob);
  const asked = { roomId: id, clientMessageId: 'key', text: 'hello' };
  expect(await refusal(() => house.use.postMessage.execute(asker, asked, null))).toMatchObject({
    code: 'session-ended',
    details: { reason: 'logged-out' },
  });
  expect((await house.poll(alice, id)).entries).toEqual([]);
});

test('what is no key, and what is no text, are refused before storage is asked', async () => {
  const { house, alice, id } = await talking();
  expect(await refusalOf(() => house.post(alice, id, 'hello', 'no key!'))).toBe('invalid-client-message-id');
  expect(await refusalOf(() => house.post(alice, id, ' \n '))).toBe('empty-message');
  expect(await refusalOf(() => house.post(alice, id, 'a\u0000'))).toBe('invalid-text');
  expect(await refusalOf(() => house.post(alice, id, 'x'.repeat(2001)))).toBe('message-too-long');
});

test('B08: an author who says where they stand gets what is new since, the post included', async () => {
  const { house, alice, bob, id } = await talking();
  await house.post(bob, id, 'first');
  await house.post(bob, id, 'second');
  const { updates } = await postWithUpdates(house, alice, id, 1);
  expect(updates!.entries.map(({ text }) => text)).toEqual(['second', 'mine']);
  expect(updates!.online).toBeNull();
  expect((await house.post(alice, id, 'third')).updates).toBeNull();
});

test('a post that was stored is answered so, though the room is deleted before the answer', async () => {
  const { storage, afterNextCommit } = interruptible(new MemoryStorage());
  const { house, alice, bob, id } = await talking(makeHouse({}, storage));
  afterNextCommit(() => house.deleteRoom(alice, id));
  const { entry, updates } = await postWithUpdates(house, bob, id, 0);
  expect(entry.seq).toBe(1);
  expect(updates).toBeNull();
});

test('a post that was stored is answered so, though the room is deleted while the updates are read', async () => {
  const memory = new MemoryStorage();
  const reads = new Gate();
  const { read, transact } = slowReads(memory, reads);
  const house = makeHouse({ roomHistory: 300 }, Object.assign(new MemoryStorage(), { read, transact }));
  const { alice, bob, id } = await talking(house);
  for (let n = 0; n < 250; n++) await house.post(alice, id, `${n}`);
  await house.as(bob);
  reads.close();
  const posting = postWithUpdates(house, bob, id, 0);
  await settle();
  expect(reads.queued).toBe(1);
  await house.deleteRoom(alice, id);
  reads.open();
  const { entry, updates } = await posting;
  expect(entry.seq).toBe(251);
  expect(updates).toBeNull();
});

test('a fault of storage, as the updates are read, is not taken for the room’s deletion', async () => {
  const memory = new MemoryStorage();
  const { storage, afterNextCommit } = interruptible(memory);
  const { house, bob, id } = await talking(makeHouse({}, storage));
  await house.as(bob);
  afterNextCommit(async () => {
    memory.read = () => Promise.reject(new Error('no storage'));
  });
  await expect(postWithUpdates(house, bob, id, 0)).rejects.toThrow('no storage');
});

/** Makes processes that share one storage, which says what each of them wrote. */
const sharing = (): (() => House) => {
  const memory = new MemoryStorage();
  const noting = new NotingChanges(memory);
  return () =>
    makeHouse(
      {},
      {
        shared: true,
        read: (work) => memory.read(work),
        transact: noting.transact,
        changes: noting.open(),
        ping: async () => undefined,
        close: async () => undefined,
      },
    );
};

test('B07: what was posted through another process is there by the next poll', async () => {
  const process = sharing();
  const { house, alice, bob, id } = await talking(process());
  const other = process();
  for (const [through, elsewhere] of [
    [house, other],
    [other, house],
  ] as const) {
    await elsewhere.poll(bob, id);
    const { entry } = await through.post(alice, id, 'hello');
    expect((await elsewhere.poll(bob, id, { after: entry.seq - 1 })).entries).toEqual([entry]);
  }
});

test('a retry of what was stored through another process is answered with it among the updates', async () => {
  const process = sharing();
  const { house, bob, id } = await talking(process());
  const asker = await house.as(bob);
  await house.poll(bob, id);
  const { entry } = await process().post(bob, id, 'mine', 'key');
  const posting = { roomId: id, clientMessageId: 'key', text: 'mine' };
  const retried = await house.use.postMessage.execute(asker, posting, { after: 0 });
  expect(retried).toMatchObject({ entry, repeated: true });
  expect(retried.updates!.entries).toEqual([entry]);
});
