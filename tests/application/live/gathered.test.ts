import { afterEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { steadyPace } from '../../../src/adapters/system/steady-pace.js';
import { Gathered } from '../../../src/application/live/gathered.js';
import { Gate, settle } from '../slow-storage.js';

/** Asks for the newest version, which is seen when the question begins and told when the gate is open. */
const scene = (apart: { ms?: number; enough?: number } | null = null) => {
  const gate = new Gate();
  const stored = { version: 0 };
  const begunAt: number[] = [];
  const gathered = new Gathered(
    async () => {
      begunAt.push(performance.now());
      const { version } = stored;
      await gate.pass();
      return version;
    },
    apart && { ms: 5, enough: Infinity, pace: steadyPace, ...apart },
  );
  const ask = () => gathered.ask();
  return { ask, gate, stored, begunAt };
};

afterEach(() => void jest.useRealTimers());
const inFakeTime = () =>
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate', 'clearImmediate'] });
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('whoever asks in the same turn shares one question', async () => {
  const { ask, begunAt } = scene();
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([0, 0, 0]);
  expect(begunAt).toHaveLength(1);
});

test('whoever asks while a question is under way waits for the next, which begins when that one is over', async () => {
  const { ask, begunAt, stored, gate } = scene();
  gate.close();
  const early = ask();
  await settle();
  stored.version = 1;
  const late = [ask(), ask()];
  await settle();
  expect(begunAt).toHaveLength(1);
  gate.open();
  expect([await early, ...(await Promise.all(late))]).toEqual([0, 1, 1]);
  expect(begunAt).toHaveLength(2);
});

test('one that comes after a pause begins at once; those that follow gather until the next may begin', async () => {
  inFakeTime();
  const { ask, begunAt, stored } = scene({});
  expect(await ask()).toBe(0);
  const early = ask();
  await pass(4);
  stored.version = 1;
  const late = ask();
  expect(begunAt).toHaveLength(1);
  await pass(1);
  expect(await Promise.all([early, late])).toEqual([1, 1]);
  expect(begunAt).toHaveLength(2);
  await pass(5);
  expect(await ask()).toBe(1);
});

test('when enough have gathered, it begins at once, for the last of them too, and once', async () => {
  inFakeTime();
  const { ask, begunAt, stored } = scene({ enough: 3 });
  await ask();
  const asked = [ask(), ask()];
  await pass(1);
  expect(begunAt).toHaveLength(1);
  stored.version = 1;
  asked.push(ask());
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);
  const alone = ask();
  await pass(4);
  expect(begunAt).toHaveLength(2);
  await pass(1);
  await alone;
  expect(begunAt).toHaveLength(3);
});

test('where enough gathered while one was under way, the next begins right after it', async () => {
  inFakeTime();
  const { ask, begunAt, gate } = scene({ ms: 1000, enough: 3 });
  gate.close();
  const early = ask();
  await settle();
  const late = [ask(), ask(), ask(), ask()];
  gate.open();
  await Promise.all([early, ...late]);
  expect(begunAt).toHaveLength(2);
});

test('however questions, writes and slow answers follow each other, no answer is older than its question, and too few never make two begin close together', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('ask', 'write', 'slow', 'quick', 'a millisecond'), { maxLength: 60 }),
      fc.constantFrom(3, Infinity),
      async (steps, enough) => {
        inFakeTime();
        const { ask, stored, gate, begunAt } = scene({ enough });
        const asked: Promise<void>[] = [];
        for (const step of steps) {
          if (step === 'write') stored.version += 1;
          if (step === 'slow') gate.close();
          if (step === 'quick') gate.open();
          if (step === 'a millisecond') await pass(1);
          if (step === 'ask') {
            const least = stored.version;
            asked.push(ask().then((seen) => expect(seen).toBeGreaterThanOrEqual(least)));
          }
          await settle();
        }
        gate.open();
        await pass(20);
        await Promise.all(asked);
        const soon = begunAt.slice(1).filter((at, index) => at - begunAt[index]! < 5);
        expect(soon.length).toBeLessThanOrEqual(asked.length / enough);
      },
    ),
  ));
