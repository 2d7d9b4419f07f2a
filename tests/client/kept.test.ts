import { expect, test } from '@jest/globals';
import { createKept, tolerant } from '../../client/src/ports/kept.js';
import { fakeStorage } from './fake-storage.js';

const pending = (id: string) => ({ id, text: `text ${id}`, writtenAt: 1, failures: 0, notBefore: 0 });

test('A draft is kept for each user and room, and an emptied one is forgotten', () => {
  const storage = fakeStorage();
  createKept(tolerant(() => storage))('alice', 'kitchen').keepDraft('half a thought');
  expect(createKept(tolerant(() => storage))('alice', 'kitchen').draft()).toBe('half a thought');
  expect(createKept(tolerant(() => storage))('alice', 'attic').draft()).toBe('');
  expect(createKept(tolerant(() => storage))('bobby', 'kitchen').draft()).toBe('');
  createKept(tolerant(() => storage))('alice', 'kitchen').keepDraft('');
  expect(storage.length).toBe(0);
});

test('Two tabs keep their pending messages beside each other', () => {
  const storage = fakeStorage();
  const [one, two] = [
    createKept(tolerant(() => storage))('u', 'r'),
    createKept(tolerant(() => storage))('u', 'r'),
  ];
  one.keepPending(pending('a'));
  two.keepPending(pending('b'));
  one.dropPending('a');
  expect(two.pending().map(({ id }) => id)).toEqual(['b']);
});

test('What is pending comes in the order in which it was written, whichever way the browser keeps it', () => {
  const storage = fakeStorage();
  const kept = createKept(tolerant(() => storage))('u', 'r');
  for (const [id, writtenAt] of [
    ['b', 2],
    ['c', 3],
    ['a', 1],
  ] as const)
    kept.keepPending({ ...pending(id), writtenAt });
  expect(kept.pending().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('A browser that keeps nothing, or has no room left, loses nothing while the page is there', () => {
  const refusing = (): never => {
    throw new Error('SecurityError');
  };
  const kept = createKept(tolerant(refusing))('u', 'r');
  kept.keepDraft('still here');
  kept.keepPending(pending('a'));
  expect(kept.draft()).toBe('still here');
  expect(kept.hasPending('a')).toBe(true);
  expect(kept.pending()).toHaveLength(1);
  kept.dropPending('a');
  expect(kept.pending()).toEqual([]);
});

test('What somebody else wrote into the storage does no harm', () => {
  const storage = fakeStorage();
  storage.setItem('parlour/u/r/send/x', '{broken');
  const kept = createKept(tolerant(() => storage))('u', 'r');
  expect(kept.pending()).toEqual([]);
  for (const text of ['not json', 'null', '5', '[1]', '"text"']) {
    storage.setItem('parlour/read', text);
    expect(kept.readTo()).toBeNull();
    kept.keepReadTo({ epoch: 'one', cursor: 1 });
    expect(kept.readTo()).toEqual({ epoch: 'one', cursor: 1 });
  }
});

test('Forgetting a room forgets what that user wrote in that room only', () => {
  const storage = fakeStorage();
  const kept = createKept(tolerant(() => storage));
  kept('u', 'r').keepDraft('a');
  kept('u', 'r').keepPending(pending('a'));
  kept('u', 'r2').keepDraft('b');
  kept('u2', 'r').keepDraft('c');
  kept('u', 'r').forget();
  expect(kept('u', 'r').draft()).toBe('');
  expect(kept('u', 'r').pending()).toEqual([]);
  expect(kept('u', 'r2').draft()).toBe('b');
  expect(kept('u2', 'r').draft()).toBe('c');
});

test('How far somebody has read is kept for each user and room, for the latest hundred of them: it does not grow for ever', () => {
  const storage = fakeStorage();
  const kept = createKept(tolerant(() => storage));
  const keep = (user: string, room: string, cursor: number) =>
    kept(user, room).keepReadTo({ epoch: 'one', cursor });
  keep('bobby', 'kitchen', 1);
  keep('alice', 'attic', 2);
  for (let room = 1; room <= 98; room += 1) keep('guest', `room ${room}`, room);
  keep('alice', 'attic', 3);
  expect(kept('bobby', 'kitchen').readTo()).toEqual({ epoch: 'one', cursor: 1 });
  const size = (): number => JSON.stringify(storage).length;
  const before = size();
  for (let room = 1; room <= 300; room += 1) {
    keep('guest', `room ${room}`, room);
    keep('alice', 'attic', 4);
  }
  expect(size()).toBeLessThan(before + 300);
  expect(kept('bobby', 'kitchen').readTo()).toBeNull();
  expect(kept('guest', 'room 300').readTo()).toEqual({ epoch: 'one', cursor: 300 });
  expect(kept('alice', 'attic').readTo()).toEqual({ epoch: 'one', cursor: 4 });
});
