import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const HISTORY = 250;
const parlour = useParlour({ ROOM_HISTORY: String(HISTORY) });

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('A10 A09 B08 B12 C06 a message is stored under the session’s user, numbered and timed, whatever the body claims', async () => {
  const user = await parlour.guest('Author1');
  const room = await user.createRoom('Authors');
  const entered = (await user.enter(room)).body;
  expect(entered).toMatchObject({ message: 'ROOM ENTERED', first: 1, last: 0, entries: [] });
  const { status, body } = await user.say(room, ' Hello,\r\nworld! ', 'first-one');
  expect(status).toBe(201);
  expect(body).toEqual({
    success: true,
    message: 'MESSAGE SENT',
    posted: {
      seq: 1,
      kind: 'message',
      author: 'Author1',
      guest: true,
      text: 'Hello,\nworld!',
      at: expect.stringMatching(TIME),
      clientMessageId: 'first-one',
    },
  });
  const forged = { clientMessageId: 'x', text: 'not me', author: 'Somebody' };
  expect(outcome(await user.post(`/api/rooms/${room}/messages`, forged))).toBe('400 unknown-field');
});

test('a post with a cursor answers the updates since then, so that the author sees it in its place', async () => {
  const [one, two] = [await parlour.guest('Cursor1'), await parlour.guest('Cursor2')];
  const room = await one.createRoom('Cursors');
  const { epoch } = (await one.enter(room)).body;
  await two.enter(room);
  await two.say(room, 'before');
  const posted = { clientMessageId: 'c1', text: 'after', after: 0, epoch };
  const { body } = await one.post(`/api/rooms/${room}/messages`, posted);
  expect(body.entries.map(({ seq, text }: { seq: number; text: string }) => [seq, text])).toEqual([
    [1, 'before'],
    [2, 'after'],
  ]);
  expect(body.entries[0].clientMessageId).toBeUndefined();
  expect(body.entries[1].clientMessageId).toBe('c1');
});

test('the same id again is answered 200 with the same entry, and the same id with another text 422', async () => {
  const user = await parlour.guest('Again1');
  const room = await user.createRoom('Agains');
  await user.enter(room);
  const first = await user.say(room, 'once', 'key-1');
  const again = await user.say(room, ' once\n', 'key-1');
  expect(again.status).toBe(200);
  expect(again.body.posted).toEqual(first.body.posted);
  expect(outcome(await user.say(room, 'twice', 'key-1'))).toBe('422 client-message-id-reused');
  expect((await user.poll(room, 'after=0')).body.last).toBe(1);
});

test('C05 a retry is known after its entry is no longer kept; numbers keep rising', async () => {
  const user = await parlour.guest('Late1');
  const room = await user.createRoom('Late retries');
  await user.enter(room);
  const first = await user.say(room, 'the very first', 'early');
  for (let at = 0; at < HISTORY; at += 1) await user.say(room, `line ${at}`, `k${at}`);
  const again = await user.say(room, 'the very first', 'early');
  expect(again.status).toBe(200);
  expect(again.body.posted).toEqual(first.body.posted);
  const { body } = await user.poll(room, 'after=0');
  expect(body).toMatchObject({ first: 2, last: HISTORY + 1, missed: 1, more: true });
  expect(body.entries).toHaveLength(200);
  const rest = (await user.poll(room, `after=${body.entries.at(-1).seq as number}`)).body;
  expect(rest.entries.map(({ seq }: { seq: number }) => seq)).toEqual(
    Array.from({ length: 50 }, (_, at) => 202 + at),
  );
  expect(rest.more).toBeUndefined();
});

test('B13 B14 whatever its cursor, a reader gets exactly what is newer, in one order without holes', async () => {
  const user = await parlour.guest('Reader1');
  const room = await user.createRoom('Cursors of all kinds');
  const { epoch } = (await user.enter(room)).body;
  for (let at = 1; at <= 20; at += 1) await user.say(room, `line ${at}`);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(30),
      fc.constantFrom(undefined, epoch as string, 'another'),
      async (after, known) => {
        const { body } = await user.poll(
          room,
          `after=${after}${known === undefined ? '' : `&epoch=${known}`}`,
        );
        const isWrong = after > 20 || known === 'another';
        const from = isWrong ? 1 : after + 1;
        expect(body.reset).toBe(isWrong ? true : undefined);
        expect(body.entries.map(({ seq }: { seq: number }) => seq)).toEqual(
          Array.from({ length: 21 - from }, (_, at) => from + at),
        );
        expect(body).toMatchObject({ epoch, first: 1, last: 20 });
      },
    ),
    { numRuns: 60 },
  );
});

test('a cursor that is not a number of an entry is refused by its own code', async () => {
  const user = await parlour.guest('Cursor3');
  const room = await user.createRoom('Bad cursors');
  await user.enter(room);
  for (const query of [
    '',
    'after=',
    'after=-1',
    'after=1.5',
    'after=abc',
    'after=0x1',
    'after=9007199254740992',
  ]) {
    expect(outcome(await user.poll(room, query))).toBe('400 invalid-cursor');
  }
  expect(outcome(await user.poll(room, 'after=9007199254740991'))).toBe('200');
  for (const query of ['after=0&after=0', 'after=0&hidden=2', 'after=0&epoch=%E0%A4%A']) {
    expect(outcome(await user.poll(room, query))).toBe('400 invalid-query');
  }
});

test('what a message may be: 1 to 2,000 code points, line breaks and tabs, no other control', async () => {
  const user = await parlour.guest('Texts1');
  const room = await user.createRoom('Texts');
  await user.enter(room);
  const tried: [unknown, string][] = [
    ['', '400 empty-message'],
    [' \n\t ', '400 empty-message'],
    ['😀'.repeat(2000), '201'],
    ['😀'.repeat(2001), '400 message-too-long'],
    ['nul\u0000', '400 invalid-text'],
    ['half \ud83d', '400 invalid-text'],
    [42, '400 invalid-text'],
    ['tab\tand\nline', '201'],
  ];
  for (const [text, expected] of tried) {
    expect(outcome(await user.say(room, text as string))).toBe(expected);
  }
  for (const id of ['', 'with space', 'x'.repeat(65), 7, null]) {
    expect(outcome(await user.say(room, 'hello', id as string))).toBe('400 invalid-client-message-id');
  }
});
