import { expect, test } from '@jest/globals';
import { createSender } from '../../client/src/app/sender.js';
import type { Outbox, Pending } from '../../client/src/core/outbox.js';
import type { Answer, Failure } from '../../client/src/ports/api.js';
import { createKept, tolerant } from '../../client/src/ports/kept.js';
import { chance, fakeClock } from './fakes.js';
import { fakeStorage } from './fake-storage.js';

const ok: Answer<null> = { ok: true, status: 201, body: null, tag: null };
const failure = (status: number, code: string, retryAfterMs = 0): Failure => ({
  ok: false,
  status,
  code,
  message: `because ${code}`,
  details: {},
  retryAfterMs,
});
const noAnswer = failure(0, 'no-answer');

/** A sender whose server answers each post as told. */
const createScene = (
  reply: (message: Pending, nth: number) => Answer<null> | Promise<Answer<null>>,
  storage = fakeStorage(),
) => {
  const time = fakeClock();
  const kept = createKept(tolerant(() => storage))('user', 'room');
  const posts: { id: string; text: string; at: number }[] = [];
  const refused: string[] = [];
  let box: Outbox = { pending: [], sending: null };
  let ids = storage.length;
  let out = 0;
  const sender = createSender<null>({
    clock: time.clock,
    kept,
    newId: () => `id${(ids += 1)}`,
    intervalMs: 1000,
    async post(message) {
      out += 1;
      if (out > 1) throw new Error('two posts at once');
      posts.push({ id: message.id, text: message.text, at: time.clock.now() });
      const answer = await reply(message, posts.length);
      out -= 1;
      return answer;
    },
    changed: (outbox) => (box = outbox),
    refused: ({ code }) => refused.push(code),
  });
  return {
    ...time,
    storage,
    kept,
    posts,
    refused,
    sender,
    box: () => box,
    texts: () => posts.map(({ text }) => text),
  };
};

type Scene = ReturnType<typeof createScene>;

test('B08 B14 Messages leave in the order they were written, one at a time', async () => {
  const random = chance(7);
  const scene: Scene = createScene(
    () => new Promise((answer) => scene.clock.after(random() * 500, () => answer(ok))),
  );
  const written = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  written.forEach((text) => scene.sender.write(text));
  await scene.pass(20_000);
  expect(scene.texts()).toEqual(written);
  expect(scene.box().pending).toEqual([]);
  expect(scene.kept.pending()).toEqual([]);
});

test('B14 Without an answer the same message is sent again by itself, with the same id, and the next one waits', async () => {
  const scene = createScene((_, nth) => (nth < 4 ? noAnswer : ok));
  scene.sender.write('first');
  scene.sender.write('second');
  await scene.pass(60_000);
  expect(scene.texts()).toEqual(['first', 'first', 'first', 'first', 'second']);
  expect(new Set(scene.posts.slice(0, 4).map(({ id }) => id)).size).toBe(1);
  expect(scene.posts.map(({ at }) => at)).toEqual([0, 1500, 4500, 10_500, 10_500]);
});

test('Too fast is not refused: it leaves again when the server said', async () => {
  const scene = createScene((_, nth) => (nth === 1 ? failure(429, 'too-fast', 4000) : ok));
  scene.sender.write('hasty');
  await scene.pass(10_000);
  expect(scene.posts.map(({ at }) => at)).toEqual([0, 4000]);
});

test('When something says that the server can be reached again, what waits leaves at once, in its order', async () => {
  const scene = createScene((_, nth) => (nth < 4 ? noAnswer : ok));
  scene.sender.write('first');
  scene.sender.write('second');
  await scene.pass(5000);
  expect(scene.posts.map(({ at }) => at)).toEqual([0, 1500, 4500]);
  scene.sender.nudge();
  await scene.pass(0);
  expect(scene.posts.slice(3)).toMatchObject([
    { text: 'first', at: 5000 },
    { text: 'second', at: 5000 },
  ]);
});

test('A refused message stays with its reason and holds nobody up; it leaves again when its author says so', async () => {
  const scene = createScene(({ text }, nth) =>
    text === 'bad' && nth === 1 ? failure(400, 'invalid-text') : ok,
  );
  scene.sender.write('bad');
  scene.sender.write('good');
  await scene.pass(1000);
  expect(scene.texts()).toEqual(['bad', 'good']);
  expect(scene.box().pending).toMatchObject([{ text: 'bad', refused: 'because invalid-text' }]);
  expect(scene.refused).toEqual(['invalid-text']);
  scene.sender.tryAgain(scene.box().pending[0]!.id);
  await scene.pass(1000);
  expect(scene.texts()).toEqual(['bad', 'good', 'bad']);
  expect(scene.posts[2]!.id).toBe(scene.posts[0]!.id);
  expect(scene.box().pending).toEqual([]);
});

test('What was not acknowledged is sent after a reload, in its order, with the same ids', async () => {
  const storage = fakeStorage();
  const before = createScene(() => noAnswer, storage);
  ['one', 'two', 'three'].forEach((text) => before.sender.write(text));
  await before.pass(100);
  before.sender.stop();
  const after = createScene(() => ok, storage);
  await after.pass(100);
  expect(after.texts()).toEqual(['one', 'two', 'three']);
  expect(after.posts[0]!.id).toBe(before.posts[0]!.id);
});

test('The order of writing outlasts a reload, though the clock was set back and the browser keeps things its own way', async () => {
  const storage = fakeStorage();
  const before = createScene(() => noAnswer, storage);
  await before.pass(5000);
  before.sender.write('one');
  before.setBack(3000);
  ['two', 'three'].forEach((text) => before.sender.write(text));
  before.sender.stop();
  const reversed = fakeStorage();
  for (const [key, value] of Object.entries(storage).reverse()) reversed.setItem(key, value as string);
  const after = createScene(() => ok, reversed);
  await after.pass(100);
  expect(after.texts()).toEqual(['one', 'two', 'three']);
});

test('What was refused stays refused after a reload', async () => {
  const storage = fakeStorage();
  const before = createScene(() => failure(400, 'invalid-text'), storage);
  before.sender.write('bad');
  await before.pass(100);
  before.sender.stop();
  const after = createScene(() => ok, storage);
  await after.pass(100);
  expect(after.posts).toEqual([]);
  expect(after.box().pending).toMatchObject([{ text: 'bad', refused: 'because invalid-text' }]);
});

test('What was refused, and is tried again, is sent after a reload too', async () => {
  const storage = fakeStorage();
  const before = createScene((_, nth) => (nth === 1 ? failure(400, 'invalid-text') : noAnswer), storage);
  before.sender.write('bad');
  await before.pass(100);
  before.sender.tryAgain(before.box().pending[0]!.id);
  before.sender.stop();
  const after = createScene(() => ok, storage);
  await after.pass(100);
  expect(after.texts()).toEqual(['bad']);
});

test('What was discarded, or has come with a poll and is refused after that, does not come back with a reload', async () => {
  const storage = fakeStorage();
  const before: Scene = createScene(
    () => new Promise((answer) => before.clock.after(300, () => answer(failure(400, 'invalid-text')))),
    storage,
  );
  before.sender.write('never mind');
  before.sender.write('seen');
  await before.pass(400);
  const [discarded, seen] = before.posts;
  before.sender.discard(discarded!.id);
  before.sender.arrived([seen!.id]);
  await before.pass(400);
  expect(before.texts()).toEqual(['never mind', 'seen']);
  const after = createScene(() => ok, storage);
  expect(after.box().pending).toEqual([]);
});

test.each(['discarded', 'seen in the log'] as const)(
  'Once a message that waits is %s, the next leaves at once, and no other is touched',
  async (how) => {
    const scene = createScene((_, nth) => (nth === 1 ? noAnswer : ok));
    scene.sender.write('waits');
    scene.sender.write('next');
    await scene.pass(100);
    const id = scene.posts[0]!.id;
    if (how === 'discarded') scene.sender.discard(id);
    else scene.sender.arrived(['somebody else’s', id]);
    expect(scene.box().pending).toMatchObject([{ text: 'next' }]);
    await scene.pass(0);
    expect(scene.posts).toMatchObject([
      { text: 'waits', at: 0 },
      { text: 'next', at: 100 },
    ]);
  },
);

test('B14 When the poll brings a message before its own answer, it is pending no more and is not sent again', async () => {
  const scene: Scene = createScene(
    () => new Promise((answer) => scene.clock.after(300, () => answer(noAnswer))),
  );
  scene.sender.write('seen');
  await scene.pass(100);
  scene.sender.arrived([scene.posts[0]!.id]);
  expect(scene.box().pending).toEqual([]);
  await scene.pass(60_000);
  expect(scene.posts).toHaveLength(1);
});

test('A message is discarded for good, but not while it is on its way: it may be in the log by then', async () => {
  const scene: Scene = createScene(
    () => new Promise((answer) => scene.clock.after(300, () => answer(noAnswer))),
  );
  scene.sender.write('never mind');
  await scene.pass(100);
  const [{ id }] = scene.posts as [{ id: string }];
  scene.sender.discard(id);
  expect(scene.box()).toMatchObject({ pending: [{ id }], sending: id });
  expect(scene.kept.hasPending(id)).toBe(true);
  await scene.pass(250);
  scene.sender.discard(id);
  expect(scene.box()).toEqual({ pending: [], sending: null });
  expect(scene.kept.hasPending(id)).toBe(false);
  scene.sender.write('next');
  await scene.pass(60);
  expect(scene.texts()).toEqual(['never mind', 'next']);
});

test('B14 A message that another tab sent leaves the list while this tab sends it too, and the next waits until its request has ended', async () => {
  const scene: Scene = createScene(
    () => new Promise((answer) => scene.clock.after(300, () => answer(noAnswer))),
  );
  scene.sender.write('twice');
  await scene.pass(100);
  scene.sender.arrived([scene.posts[0]!.id]);
  scene.sender.write('next');
  await scene.pass(250);
  expect(scene.posts.map(({ text, at }) => ({ text, at }))).toEqual([
    { text: 'twice', at: 0 },
    { text: 'next', at: 300 },
  ]);
});

test('What another tab has sent meanwhile is not sent here, and the next leaves', async () => {
  const scene = createScene((_, nth) => (nth === 1 ? noAnswer : ok));
  scene.sender.write('shared');
  scene.sender.write('next');
  await scene.pass(100);
  scene.kept.dropPending(scene.posts[0]!.id);
  await scene.pass(60_000);
  expect(scene.texts()).toEqual(['shared', 'next']);
  expect(scene.box().pending).toEqual([]);
});

test('After the room was left nothing is sent and no timer is left', async () => {
  const scene = createScene(() => noAnswer);
  scene.sender.write('kept');
  await scene.pass(100);
  scene.sender.write('kept too');
  scene.sender.stop();
  expect(scene.timers()).toBe(0);
  await scene.pass(60_000);
  expect(scene.posts).toHaveLength(1);
  expect(scene.timers()).toBe(0);
  expect(scene.kept.pending()).toMatchObject([{ text: 'kept' }, { text: 'kept too' }]);
});

test.each([ok, failure(400, 'invalid-text')])(
  'What was on its way when the room was left is settled without a word, and nothing follows it: $status',
  async (answered) => {
    const scene: Scene = createScene(
      () => new Promise((answer) => scene.clock.after(300, () => answer(answered))),
    );
    scene.sender.write('on its way');
    scene.sender.write('next');
    scene.sender.stop();
    const shown = scene.box();
    await scene.pass(60_000);
    expect(scene.texts()).toEqual(['on its way']);
    expect(scene.box()).toBe(shown);
    expect(scene.refused).toEqual([]);
    expect(scene.kept.pending().map(({ text, refused }) => ({ text, refused: refused ?? null }))).toEqual(
      answered.ok
        ? [{ text: 'next', refused: null }]
        : [
            { text: 'on its way', refused: answered.message },
            { text: 'next', refused: null },
          ],
    );
  },
);
