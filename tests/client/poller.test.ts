import { expect, test } from '@jest/globals';
import { createPoller, type Heard } from '../../client/src/app/poller.js';
import { fakeClock } from './fakes.js';

const settings = () => ({ intervalMs: 1000, heldMs: 250, timeoutMs: 15_000, staleMs: 5_000 });

const failed = { failed: true, retryAfterMs: 0 } as const;

/** What the server of a test says. */
type Reply = { answer: string; more?: boolean; held?: boolean } | { failed: true; retryAfterMs: number };

/** A poller whose server answers as told. */
const createScene = (reply: (asked: number) => Promise<Reply>) => {
  const time = fakeClock();
  const asked: { at: number; signal: AbortSignal }[] = [];
  const delivered: string[] = [];
  const reconnecting: boolean[] = [];
  const poller = createPoller({
    clock: time.clock,
    settings,
    reconnecting: (is) => reconnecting.push(is),
  });
  const start = (run: string, fresh?: boolean): void =>
    poller.start(async (signal): Promise<Heard> => {
      asked.push({ at: time.clock.now(), signal });
      const heard = await reply(asked.length);
      if ('failed' in heard) return heard;
      return { ...heard, show: () => void delivered.push(`${run}: ${heard.answer}`) };
    }, fresh);
  return { ...time, asked, delivered, reconnecting, poller, start, times: () => asked.map(({ at }) => at) };
};

test('B15 The next request leaves one second after the answer to the one before, however long that took', async () => {
  const scene = createScene(
    (asked) => new Promise((answer) => scene.clock.after(300, () => answer({ answer: String(asked) }))),
  );
  scene.start('room');
  await scene.pass(5000);
  expect(scene.times()).toEqual([0, 1300, 2600, 3900]);
});

test('B15 Whatever is already known, the first poll waits for its second', async () => {
  const scene = createScene(async () => ({ answer: '' }));
  scene.start('room', true);
  await scene.pass(2500);
  expect(scene.times()).toEqual([1000, 2000]);
});

test('An answer that says there is more is followed at once', async () => {
  const scene = createScene(async (asked) => ({ answer: '', more: asked < 3 }));
  scene.start('room');
  await scene.pass(900);
  expect(scene.times()).toEqual([0, 0, 0]);
});

test('A poll that was held is followed at once, and one that was not waits its second', async () => {
  const heldFor = [10_000, 3_000, 0];
  const scene = createScene(
    (asked) =>
      new Promise((answer) =>
        scene.clock.after(heldFor[asked - 1] ?? 0, () => answer({ answer: '', held: asked <= 2 })),
      ),
  );
  scene.start('room');
  await scene.pass(14_500);
  expect(scene.times()).toEqual([0, 10_000, 13_000, 14_000]);
});

test('A room so busy that nothing is ever held makes four requests a second at most', async () => {
  const scene = createScene(async () => ({ answer: '', held: true }));
  scene.start('room');
  await scene.pass(1_000);
  expect(scene.times()).toEqual([0, 250, 500, 750, 1_000]);
});

test('After failures it waits longer, up to 30 s, says so once, and says so when it is back', async () => {
  const scene = createScene(async (asked) => (asked < 12 ? failed : { answer: 'back' }));
  scene.start('room');
  await scene.pass(600_000);
  const times = scene.times();
  const waits = times.slice(1).map((at, n) => at - times[n]!);
  expect(waits.slice(0, 6)).toEqual([1500, 3000, 6000, 12_000, 22_500, 22_500]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  expect(scene.reconnecting).toEqual([true, false]);
});

test('What the server asks to wait is waited, even when the tab comes back', async () => {
  const scene = createScene(async (asked) =>
    asked === 1 ? { failed: true, retryAfterMs: 8000 } : { answer: '' },
  );
  scene.start('room');
  await scene.pass(10);
  scene.poller.nudge();
  await scene.pass(8500);
  expect(scene.times()).toEqual([0, 8000]);
});

test('B15 Coming back after failures asks at once, once, and never sooner than a second', async () => {
  const scene = createScene(async (asked) => (asked < 6 ? failed : { answer: '' }));
  scene.start('room');
  await scene.pass(25_000);
  expect(scene.asked.length).toBe(5);
  for (let nudges = 0; nudges < 20; nudges += 1) scene.poller.nudge();
  await scene.pass(10);
  expect(scene.asked.length).toBe(6);
  for (let nudges = 0; nudges < 20; nudges += 1) scene.poller.nudge();
  await scene.pass(900);
  expect(scene.asked.length).toBe(6);
  await scene.pass(100);
  expect(scene.asked.length).toBe(7);
});

test('B14 An answer that arrives after the room was changed is not delivered, and its request was aborted', async () => {
  const answers: ((heard: Reply) => void)[] = [];
  const scene = createScene(() => new Promise((answer) => answers.push(answer)));
  scene.start('room a');
  await scene.pass(10);
  scene.start('room b');
  await scene.pass(10);
  answers[0]!({ answer: 'late' });
  answers[1]!({ answer: 'in time' });
  await scene.pass(10);
  expect(scene.asked[0]!.signal.aborted).toBe(true);
  expect(scene.delivered).toEqual(['room b: in time']);
});

test('B14 A late answer does not keep the request after its own from being given up', async () => {
  const answers: ((heard: Reply) => void)[] = [];
  const scene = createScene(() => new Promise((answer) => answers.push(answer)));
  scene.start('room a');
  scene.start('room b');
  answers[0]!({ answer: 'late' });
  await scene.pass(10);
  expect(scene.asked[1]!.signal.aborted).toBe(false);
  scene.poller.stop();
  expect(scene.asked[1]!.signal.aborted).toBe(true);
});

test('Coming back leaves a young request alone, unless what it says is not so any more', async () => {
  const scene = createScene(() => new Promise(() => {}));
  scene.start('room');
  await scene.pass(400);
  scene.poller.nudge();
  await scene.pass(10);
  expect(scene.asked.map(({ signal }) => signal.aborted)).toEqual([false]);
  scene.poller.nudge(true);
  await scene.pass(10);
  expect(scene.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
});

test('A request that was answered is never aborted: a copy of its answer may still be read', async () => {
  const scene = createScene(async () => ({ answer: '' }));
  scene.start('room a');
  await scene.pass(2_500);
  scene.start('room b');
  scene.poller.stop();
  expect(scene.asked.map(({ signal }) => signal.aborted)).toEqual([false, false, false, true]);
});

test('Once stopped it asks nothing, delivers nothing and leaves no timer', async () => {
  const scene = createScene(async () => ({ answer: '' }));
  scene.start('room');
  scene.poller.stop();
  await scene.pass(60_000);
  expect(scene.asked.length).toBe(1);
  expect(scene.delivered).toEqual([]);
  expect(scene.timers()).toBe(0);
});

test('B15 Eight hours of polls, 28,800 at most, leave one timer and one request', async () => {
  const scene = createScene(async () => ({ answer: '' }));
  scene.start('room');
  await scene.pass(8 * 60 * 60 * 1000);
  expect(scene.asked.length).toBe(28_801);
  expect(scene.timers()).toBe(1);
});
