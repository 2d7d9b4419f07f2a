import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();
const PASSWORD = 'correct horse battery';
const evil = { 'Sec-Fetch-Site': 'cross-site' };

test('401 comes before whatever else may be wrong', async () => {
  const visitor = parlour.visitor();
  const text = { body: 'no JSON', headers: { 'Content-Type': 'text/plain', ...evil } };
  const large = { body: ' '.repeat(70_000), headers: { 'Content-Type': 'application/json' } };
  const asked = [
    visitor.get('/api/rooms?x=1&x=2'),
    visitor.post('/api/rooms', { nonsense: true }, evil),
    visitor.ask('POST', '/api/rooms', text),
    visitor.ask('POST', '/api/rooms', large),
    visitor.delete('/api/rooms/!!'),
    visitor.delete('/api/rooms/nowhere'),
    visitor.put('/api/session/room', 'not even an object'),
    visitor.delete('/api/session/room'),
    visitor.get('/api/rooms/nowhere/updates'),
    visitor.get('/api/rooms/!!/updates?after=x'),
    visitor.post('/api/rooms/nowhere/messages', {}),
  ];
  for (const answer of await Promise.all(asked)) expect(outcome(answer)).toBe('401 not-logged-in');
  visitor.cookie = 'parlour=made-up';
  expect(outcome(await visitor.get('/api/rooms'))).toBe('401 not-logged-in');
});

test('400 comes before cross-site, and cross-site before anything is looked up', async () => {
  const user = await parlour.guest('Order1');
  await user.createRoom('Ordered');
  const write = async (method: string, path: string, body?: object) =>
    outcome(
      await user.ask(method, path, {
        headers: { ...evil, 'Content-Type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  expect(await write('POST', '/api/rooms', { name: '' })).toBe('400 invalid-room-name');
  expect(await write('POST', '/api/rooms', { name: 'Ordered' })).toBe('403 cross-site');
  expect(await write('PUT', '/api/session/room', { roomId: '!' })).toBe('400 invalid-room-id');
  expect(await write('PUT', '/api/session/room', { roomId: 'nowhere' })).toBe('403 cross-site');
  expect(await write('DELETE', '/api/rooms/!')).toBe('400 invalid-room-id');
  expect(await write('DELETE', '/api/rooms/nowhere')).toBe('403 cross-site');
  expect(await write('DELETE', '/api/session?x=1&x=1')).toBe('400 invalid-query');
  expect(await write('POST', '/api/session', { username: 'Order1' })).toBe('403 cross-site');
});

test('400 comes before 404, 410, 403 and 409', async () => {
  const [user, other] = [await parlour.guest('Order2'), await parlour.guest('Order3')];
  const gone = await user.createRoom('Gone at once');
  await user.delete(`/api/rooms/${gone}`);
  const open = await user.createRoom('Not theirs');
  for (const room of ['nowhere', gone, open]) {
    expect(outcome(await other.poll(room, 'after=x'))).toBe('400 invalid-cursor');
    expect(outcome(await other.say(room, ''))).toBe('400 empty-message');
    expect(outcome(await other.delete(`/api/rooms/${room}?x=1&x=1`))).toBe('400 invalid-query');
  }
  expect(outcome(await other.post('/api/rooms', { name: 'Not theirs', capacity: 1 }))).toBe(
    '400 invalid-capacity',
  );
  const short = { username: 'Order2', password: 'short' };
  expect(outcome(await parlour.visitor().post('/api/accounts', short))).toBe('400 invalid-password');
});

test('404 and 410 come before 403 and 409', async () => {
  const [user, other] = [await parlour.guest('Order4'), await parlour.guest('Order5')];
  const gone = await user.createRoom('Gone soon');
  const here = await user.createRoom('Here');
  await user.delete(`/api/rooms/${gone}`);
  await other.enter(here);
  for (const [room, code] of [
    ['nowhere', '404 no-such-room'],
    [gone, '410 room-deleted'],
  ] as const) {
    expect(outcome(await other.poll(room, 'after=0'))).toBe(code);
    expect(outcome(await other.say(room, 'hello'))).toBe(code);
    expect(outcome(await other.delete(`/api/rooms/${room}`))).toBe(code);
    expect(outcome(await other.enter(room))).toBe(code);
  }
  expect((await other.get('/api/rooms')).body.current).toBe(here);
});

test('403 comes before 422: whoever left has no right to a retry', async () => {
  const user = await parlour.guest('Order6');
  const room = await user.createRoom('Left behind');
  await user.enter(room);
  await user.say(room, 'one text', 'key');
  await user.delete('/api/session/room');
  expect(outcome(await user.say(room, 'another text', 'key'))).toBe('403 not-in-room');
});

test('a full room is said to be another room first, and nobody loses a place by it', async () => {
  const [one, two, three] = [
    await parlour.guest('Order7'),
    await parlour.guest('Order8'),
    await parlour.guest('Order9'),
  ];
  const full = await one.createRoom('Full', 2);
  const other = await one.createRoom('Other');
  await one.enter(full);
  await two.enter(full);
  await three.enter(other);
  expect(outcome(await three.enter(full))).toBe('409 in-another-room');
  expect(outcome(await one.poll(full, 'after=0'))).toBe('200');
  expect(outcome(await two.poll(full, 'after=0'))).toBe('200');
});

test('a wrong password is said before that someone is logged in', async () => {
  const visitor = parlour.visitor();
  await visitor.post('/api/accounts', { username: 'Order10', password: PASSWORD });
  const wrong = { username: 'Order10', password: 'not this one' };
  expect(outcome(await parlour.visitor().post('/api/session', wrong))).toBe('401 wrong-credentials');
  expect(outcome(await parlour.visitor().post('/api/session', { ...wrong, takeOver: true }))).toBe(
    '401 wrong-credentials',
  );
  expect(outcome(await visitor.get('/api/rooms'))).toBe('200');
});
