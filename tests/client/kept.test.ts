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
  storage.setItem('parlour/u/r/read', 'not json');
  const kept = createKept(tolerant(() => storage))('u', 'r');
  expect(kept.pending()).toEqual([]);
  expect(kept.readTo()).toBeNull();
});

test('Forgetting a room forgets that room of that user only', () => {
  const storage = fakeStorage();
  const kept = createKept(tolerant(() => storage));
  kept('u', 'r').keepDraft('a');
  kept('u', 'r').keepReadTo({ epoch: 'one', cursor: 3 });
  kept('u', 'r2').keepDraft('b');
  kept('u', 'r').forget();
  expect(kept('u', 'r').readTo()).toBeNull();
  expect(kept('u', 'r2').draft()).toBe('b');
});
