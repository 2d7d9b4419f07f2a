import { describe, expect, test } from '@jest/globals';
import { Fresh } from '../../../src/application/live/fresh.js';
import { Gate, settle } from '../slow-storage.js';

/** A storage of words, read by a `Fresh`; reads see what there is when they begin, and wait at the gate. */
const scene = () => {
  const stored = new Map<string, string>();
  const gate = new Gate();
  const reads: string[][] = [];
  const fault = { next: null as Error | null };
  const fresh = new Fresh<string>(async (ids) => {
    reads.push([...ids]);
    const seen = new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id)!]] : [])));
    const error = fault.next;
    fault.next = null;
    await gate.pass();
    if (error !== null) throw error;
    return seen;
  }, new Map());
  const write = (id: string, value: string) => {
    stored.set(id, value);
    fresh.drop(id);
  };
  return { fresh, stored, gate, reads, fault, write };
};

test('what was read is kept, and answers without a read, until it is dropped', async () => {
  const { fresh, reads, write } = scene();
  write('a', 'old');
  expect(await fresh.get('a')).toBe('old');
  expect(fresh.peek('a')).toBe('old');
  expect(await fresh.get('a')).toBe('old');
  expect(reads).toHaveLength(1);
  write('a', 'new');
  expect(fresh.peek('a')).toBeUndefined();
  expect(await fresh.get('a')).toBe('new');
});

test('questions that wait together share one read', async () => {
  const { fresh, reads, write } = scene();
  write('a', 'A');
  write('b', 'B');
  const asked = [fresh.get('a'), fresh.get('b'), fresh.get('a')];
  expect(await Promise.all(asked)).toEqual(['A', 'B', 'A']);
  expect(reads).toEqual([['a', 'b']]);
});

test('a question that comes while a read is under way is answered by the next one', async () => {
  const { fresh, stored, reads, gate } = scene();
  stored.set('a', 'old');
  gate.close();
  const early = fresh.get('a');
  await settle();
  stored.set('a', 'new');
  const late = [fresh.get('a'), fresh.get('a')];
  await settle();
  expect(reads).toHaveLength(1);
  gate.open();
  expect(await early).toBe('old');
  expect(await Promise.all(late)).toEqual(['new', 'new']);
  expect(reads).toHaveLength(2);
});

test('what is dropped while it is read answers who asked before, and is not kept', async () => {
  const { fresh, gate, write } = scene();
  write('a', 'old');
  write('b', 'B');
  gate.close();
  const early = [fresh.get('a'), fresh.get('b')];
  await settle();
  write('a', 'new');
  gate.open();
  expect(await Promise.all(early)).toEqual(['old', 'B']);
  expect(fresh.peek('a')).toBeUndefined();
  expect(fresh.peek('b')).toBe('B');
});

describe('while “a” is being read, and “b” is kept,', () => {
  /** @returns how what was asked for before was answered */
  const during = async ({ fresh, gate, write }: ReturnType<typeof scene>, happens: () => void) => {
    write('a', 'A');
    write('b', 'B');
    await fresh.get('b');
    gate.close();
    const early = fresh.get('a');
    await settle();
    happens();
    gate.open();
    return early;
  };

  test('and something was written that is not known, nothing that is being read is kept', async () => {
    const it = scene();
    expect(await during(it, () => it.fresh.distrust())).toBe('A');
    expect(it.fresh.peek('a')).toBeUndefined();
    expect(it.fresh.peek('b')).toBe('B');
  });

  test('and all may have been written, nothing that was kept or is being read is kept on', async () => {
    const it = scene();
    expect(await during(it, () => it.fresh.dropAll())).toBe('A');
    expect(it.fresh.peek('a')).toBeUndefined();
    expect(it.fresh.peek('b')).toBeUndefined();
  });
});

test('what there is none of is not kept: it may come', async () => {
  const { fresh, stored } = scene();
  expect(await fresh.get('a')).toBeUndefined();
  stored.set('a', 'A');
  expect(await fresh.get('a')).toBe('A');
});

test('a read that fails is the failure of all who waited for it, and of nobody after', async () => {
  const { fresh, fault, write } = scene();
  write('a', 'A');
  fault.next = new Error('no storage');
  const outcomes = await Promise.allSettled([fresh.get('a'), fresh.get('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await fresh.get('a')).toBe('A');
});

test('whoever asks while a read fails is answered by the next one', async () => {
  const { fresh, fault, gate, write } = scene();
  write('a', 'A');
  fault.next = new Error('no storage');
  gate.close();
  const early = fresh.get('a').catch((error: Error) => error.message);
  await settle();
  const late = fresh.get('a');
  gate.open();
  expect(await early).toBe('no storage');
  expect(await late).toBe('A');
});

test('only what is to be retained is kept on', async () => {
  const { fresh, write } = scene();
  write('a', 'A');
  write('b', 'B');
  await Promise.all([fresh.get('a'), fresh.get('b')]);
  fresh.retain((id, value) => id === 'a' && value === 'A');
  expect([fresh.peek('a'), fresh.peek('b')]).toEqual(['A', undefined]);
});
