import { expect, test } from '@jest/globals';
import { Argon2Passwords } from '../../src/adapters/system/argon2-passwords.js';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour({}, { passwords: new Argon2Passwords() });
const PASSWORD = 'correct horse battery';

test('A06 a successful login answers success, LOGGED IN and the user, as JSON', async () => {
  const visitor = parlour.visitor();
  await visitor.post('/api/accounts', { username: 'Alice', password: PASSWORD });
  await visitor.delete('/api/session');
  const { status, body } = await visitor.post('/api/session', { username: 'aLICE', password: PASSWORD });
  expect(status).toBe(200);
  expect(body).toEqual({
    success: true,
    message: 'LOGGED IN',
    user: { id: expect.any(String), username: 'Alice', guest: false },
  });
});

test('B01 creating an account answers ACCOUNT CREATED and logs in', async () => {
  const visitor = parlour.visitor();
  const { status, body } = await visitor.post('/api/accounts', { username: 'Bertha', password: PASSWORD });
  expect(status).toBe(201);
  expect(body).toMatchObject({ message: 'ACCOUNT CREATED', user: { username: 'Bertha', guest: false } });
  expect((await visitor.get('/api/session')).body.user.username).toBe('Bertha');
});

test('whoever is not logged in is told so, and what a client must know to ask on', async () => {
  expect((await parlour.visitor().get('/api/session')).body).toEqual({
    success: true,
    message: 'NOT LOGGED IN',
    user: null,
    room: null,
    settings: { pollIntervalMs: 1000, pollWaitMs: 0 },
  });
});

test('B02 a username that an account or a guest has is taken, whatever its case', async () => {
  await parlour.visitor().post('/api/accounts', { username: 'Taken1', password: PASSWORD });
  await parlour.guest('Taken2');
  const other = parlour.visitor();
  for (const username of ['tAKEN1', 'taken2']) {
    expect(outcome(await other.post('/api/accounts', { username, password: PASSWORD }))).toBe(
      '409 username-taken',
    );
  }
  expect(outcome(await other.post('/api/session', { username: 'TAKEN1' }))).toBe('409 username-taken');
  expect(outcome(await other.post('/api/session', { username: 'TAKEN2' }))).toBe('409 already-logged-in');
});

test('A16 A17 the server checks a username on its own, and says what is wrong and in which field', async () => {
  const visitor = parlour.visitor();
  for (const username of [
    'abc',
    'a'.repeat(21),
    'with space',
    'ümlaut',
    '',
    null,
    12345,
    ['abcd'],
    undefined,
  ]) {
    const guest = await visitor.post('/api/session', { username });
    expect(outcome(guest)).toBe('400 invalid-username');
    expect(guest.body.field).toBe('username');
    const account = await visitor.post('/api/accounts', { username, password: PASSWORD });
    expect(outcome(account)).toBe('400 invalid-username');
  }
});

test('a wrong password and an unknown name are refused alike', async () => {
  await parlour.visitor().post('/api/accounts', { username: 'Carla', password: PASSWORD });
  const visitor = parlour.visitor();
  const wrong = await visitor.post('/api/session', { username: 'Carla', password: 'not this one' });
  const unknown = await visitor.post('/api/session', { username: 'Nobody', password: 'not this one' });
  expect(outcome(wrong)).toBe('401 wrong-credentials');
  expect(unknown.body).toEqual(wrong.body);
});

test('A14 a second login is refused; taking over ends the other session with the reason and keeps the room', async () => {
  const there = parlour.visitor();
  await there.post('/api/accounts', { username: 'Doris', password: PASSWORD });
  const room = await there.createRoom('Doris’ room');
  await there.enter(room);
  const here = parlour.visitor();
  const login = { username: 'Doris', password: PASSWORD };
  expect(outcome(await here.post('/api/session', login))).toBe('409 already-logged-in');
  expect(outcome(await there.poll(room, 'after=0'))).toBe('200');
  expect(outcome(await here.post('/api/session', { ...login, takeOver: true }))).toBe('200');
  const refused = await there.poll(room, 'after=0');
  expect(outcome(refused)).toBe('401 session-ended');
  expect(refused.body.reason).toBe('taken-over');
  expect((await there.get('/api/session')).body).toMatchObject({
    user: null,
    room: null,
    ended: 'taken-over',
  });
  expect((await here.get('/api/session')).body.room.id).toBe(room);
});

test('A13 logging out takes the name off the register at once, leaves the room, and the old cookie is told why', async () => {
  const visitor = await parlour.guest('Erika1');
  const room = await visitor.createRoom('Erika’s');
  await visitor.enter(room);
  const old = visitor.cookie;
  expect((await visitor.delete('/api/session')).body.message).toBe('LOGGED OUT');
  const next = await parlour.guest('Erika1');
  const rooms = (await next.get('/api/rooms')).body.rooms as { id: string; members: number }[];
  expect(rooms.find(({ id }) => id === room)?.members).toBe(0);
  visitor.cookie = old;
  const refused = await visitor.get('/api/rooms');
  expect(outcome(refused)).toBe('401 session-ended');
  expect(refused.body.reason).toBe('logged-out');
});

test('A11 logging out answers LOGGED OUT when nobody was logged in, too', async () => {
  expect((await parlour.visitor().delete('/api/session')).body.message).toBe('LOGGED OUT');
});

test('a login that succeeds ends the session that the cookie named before; one that fails does not', async () => {
  const visitor = await parlour.guest('Before1');
  const before = visitor.cookie!;
  expect(outcome(await visitor.post('/api/session', { username: 'ab' }))).toBe('400 invalid-username');
  expect((await visitor.get('/api/session')).body.user.username).toBe('Before1');
  await visitor.post('/api/session', { username: 'After1' });
  expect((await visitor.get('/api/session')).body.user.username).toBe('After1');
  const old = parlour.visitor();
  old.cookie = before;
  expect((await old.get('/api/session')).body.ended).toBe('logged-out');
  await parlour.guest('Before1');
});

test('requests that need a session say not-logged-in without one, before anything else is looked at', async () => {
  const visitor = parlour.visitor();
  const asked = [
    visitor.get('/api/rooms'),
    visitor.post('/api/rooms', { nonsense: true }),
    visitor.delete('/api/rooms/!!'),
    visitor.put('/api/session/room', 'not even an object'),
    visitor.delete('/api/session/room'),
    visitor.get('/api/rooms/nowhere/updates'),
    visitor.post('/api/rooms/nowhere/messages', {}),
  ];
  for (const answer of await Promise.all(asked)) expect(outcome(answer)).toBe('401 not-logged-in');
});
