import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { steadyPace } from '../../../src/adapters/system/steady-pace.js';
import { Fresh } from '../../../src/application/live/fresh.js';
import type { Pace } from '../../../src/application/ports.js';
import { Gate, settle } from '../slow-storage.js';

/** A storage of words, read by a `Fresh`; reads see what there is when they begin, and wait at the gate. */
const scene = (kept = true, apart: { ms: number; pace: Pace } | null = null) => {
  const stored = new Map<string, string>();
  const gate = new Gate();
  const reads: string[][] = [];
  const fault = { next: null as Error | null };
  const fresh = new Fresh<string>(
    async (ids) => {
      reads.push([...ids]);
      const seen = new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id)!]] : [])));
      const error = fault.next;
      fault.next = null;
      await gate.pass();
      if (error !== null) throw error;
      return seen;
    },
    kept ? new Map() : null,
    apart,
  );
  const write = (id: string, value: string) => {
    stored.set(id, value);
    fresh.drop(id);
  };
  return { fresh, stored, gate, reads, fault, write };
};

afterEach(() => void jest.useRealTimers());

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

test('where others write too, nothing is kept, and every question is read for', async () => {
  const { fresh, stored, reads } = scene(false);
  stored.set('a', 'old');
  expect(await fresh.get('a')).toBe('old');
  expect(fresh.peek('a')).toBeUndefined();
  stored.set('a', 'new');
  expect(await fresh.get('a')).toBe('new');
  expect(reads).toHaveLength(2);
});

test('only what is to be retained is kept on', async () => {
  const { fresh, write } = scene();
  write('a', 'A');
  write('b', 'B');
  await Promise.all([fresh.get('a'), fresh.get('b')]);
  fresh.retain((id, value) => id === 'a' && value === 'A');
  expect([fresh.peek('a'), fresh.peek('b')]).toEqual(['A', undefined]);
});

const inFakeTime = () =>
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate', 'clearImmediate'] });

test('a question after a pause is read for at once; those that follow gather until reads may begin again', async () => {
  inFakeTime();
  const { fresh, reads, stored } = scene(false, { ms: 5, pace: steadyPace });
  for (const id of ['a', 'b', 'c']) stored.set(id, id);
  expect(await fresh.get('a')).toBe('a');
  const gathering = [fresh.get('a'), fresh.get('b')];
  await jest.advanceTimersByTimeAsync(4);
  gathering.push(fresh.get('c'));
  expect(reads).toEqual([['a']]);
  await jest.advanceTimersByTimeAsync(1);
  expect(await Promise.all(gathering)).toEqual(['a', 'b', 'c']);
  expect(reads).toEqual([['a'], ['a', 'b', 'c']]);
  await jest.advanceTimersByTimeAsync(5);
  expect(await fresh.get('b')).toBe('b');
});

test('while questions gather, what was written before the last of them answers all of them', async () => {
  inFakeTime();
  const { fresh, stored } = scene(false, { ms: 5, pace: steadyPace });
  stored.set('a', 'old');
  await fresh.get('a');
  const early = fresh.get('a');
  stored.set('a', 'new');
  const late = fresh.get('a');
  await jest.advanceTimersByTimeAsync(5);
  expect(await Promise.all([early, late])).toEqual(['new', 'new']);
});

test('however questions, writes and slow reads follow each other, no answer is older than its question, and reads stay apart', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('ask', 'write', 'slow', 'quick', 'a millisecond'), { maxLength: 60 }),
      async (steps) => {
        inFakeTime();
        const { fresh, stored, gate, reads } = scene(false, { ms: 5, pace: steadyPace });
        let version = 0;
        stored.set('a', '0');
        const begunAt: number[] = [];
        const asked: Promise<void>[] = [];
        for (const step of steps) {
          if (step === 'write') stored.set('a', `${++version}`);
          if (step === 'slow') gate.close();
          if (step === 'quick') gate.open();
          if (step === 'a millisecond') await jest.advanceTimersByTimeAsync(1);
          if (step === 'ask') {
            const least = version;
            asked.push(fresh.get('a').then((seen) => expect(Number(seen)).toBeGreaterThanOrEqual(least)));
          }
          await settle();
          while (begunAt.length < reads.length) begunAt.push(performance.now());
        }
        gate.open();
        await jest.advanceTimersByTimeAsync(20);
        await Promise.all(asked);
        const pauses = begunAt.slice(1).map((at, index) => at - begunAt[index]!);
        for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(5);
      },
    ),
  ));
