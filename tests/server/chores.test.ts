import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { startChores } from '../../src/chores.js';

const listening = () => {
  const lines: { msg: string; chore: string }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
};

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('a chore is done again and again', async () => {
  let done = 0;
  const { stop } = startChores([{ name: 'count', everyMs: 1000, run: () => void done++ }], listening().log);
  await jest.advanceTimersByTimeAsync(3500);
  expect(done).toBe(3);
  await stop();
});

test('a chore never overlaps itself, however long it takes', async () => {
  let begun = 0;
  const ends: (() => void)[] = [];
  const run = () => {
    begun += 1;
    return new Promise<void>((end) => ends.push(end));
  };
  const { stop } = startChores([{ name: 'slow', everyMs: 1000, run }], listening().log);
  await jest.advanceTimersByTimeAsync(5500);
  expect(begun).toBe(1);
  ends[0]!();
  await jest.advanceTimersByTimeAsync(1000);
  expect(begun).toBe(2);
  ends[1]!();
  await stop();
});

test('chores of one period are done apart from each other, each as often as it should be', async () => {
  const done: [string, number][] = [];
  const names = ['one', 'two', 'three'];
  const chores = names.map((name) => ({
    name,
    everyMs: 3000,
    run: () => void done.push([name, Date.now()]),
  }));
  const begun = Date.now();
  const { stop } = startChores(chores, listening().log);
  await jest.advanceTimersByTimeAsync(6000);
  expect(done.map(([name, at]) => [name, at - begun])).toEqual([
    ['one', 1000],
    ['two', 2000],
    ['three', 3000],
    ['one', 4000],
    ['two', 5000],
    ['three', 6000],
  ]);
  await stop();
});

test('a slow chore holds up no other', async () => {
  let done = 0;
  const slow = { name: 'slow', everyMs: 1000, run: () => new Promise<void>(() => {}) };
  startChores([slow, { name: 'quick', everyMs: 1000, run: () => void done++ }], listening().log);
  await jest.advanceTimersByTimeAsync(3500);
  expect(done).toBe(3);
});

const failures: Record<string, () => Promise<void>> = {
  'at once': () => {
    throw new Error('broken');
  },
  later: () => Promise.reject(new Error('no storage')),
};

test.each(Object.keys(failures))('a chore that fails %s is logged, and tried again', async (when) => {
  let tried = 0;
  const run = () => {
    tried += 1;
    return failures[when]!();
  };
  const { log, lines } = listening();
  const { stop } = startChores([{ name: 'fragile', everyMs: 1000, run }], log);
  await jest.advanceTimersByTimeAsync(2500);
  expect(tried).toBe(2);
  expect(lines.map(({ chore }) => chore)).toEqual(['fragile', 'fragile']);
  await stop();
});

test('stopping waits for what is under way, and begins nothing more', async () => {
  let begun = 0;
  let end = (): void => undefined;
  const run = () => {
    begun += 1;
    return new Promise<void>((resolve) => (end = resolve));
  };
  const { stop } = startChores([{ name: 'slow', everyMs: 1000, run }], listening().log);
  await jest.advanceTimersByTimeAsync(1000);
  let stopped = false;
  const stopping = stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(5000);
  expect(stopped).toBe(false);
  end();
  await stopping;
  expect(begun).toBe(1);
});

test('however short its period is set, a chore leaves the process time for other things', async () => {
  let done = 0;
  const { stop } = startChores([{ name: 'eager', everyMs: 0, run: () => void done++ }], listening().log);
  await jest.advanceTimersByTimeAsync(1000);
  expect(done).toBe(20);
  await stop();
});
