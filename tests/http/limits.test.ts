import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour({ RATE_LIMITS: 'on', TRUST_PROXY: 'on', METRICS: 'on' });

test('posts come in bursts of twenty, and then are refused with the time to wait', async () => {
  const user = await parlour.guest('Fast1');
  const room = await user.createRoom('Bursts');
  await user.enter(room);
  const answers = await Promise.all(Array.from({ length: 25 }, (_, at) => user.say(room, `line ${at}`)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  for (const refused of answers.filter(({ status }) => status !== 201)) {
    expect(outcome(refused)).toBe('429 too-fast');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }
});

test('a user makes ten rooms a minute, and polls ten times a second', async () => {
  const user = await parlour.guest('Fast2');
  const rooms = await Promise.all(
    Array.from({ length: 11 }, (_, at) => user.post('/api/rooms', { name: `Room ${at}` })),
  );
  expect(rooms.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(201), 429]);
  const made = rooms.find(({ status }) => status === 201)!.body.room.id as string;
  await user.enter(made);
  const polls = await Promise.all(Array.from({ length: 40 }, () => user.poll(made, 'after=0')));
  expect(polls.some(({ status }) => status === 429)).toBe(true);
  expect(polls.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20);
});

test('ten failed logins a minute an account and address; neither another account nor another address pays for it', async () => {
  await parlour.visitor().post('/api/accounts', { username: 'Guessed1', password: 'correct horse battery' });
  const guess = (from: string, username = 'Guessed1') =>
    parlour
      .visitor()
      .post('/api/session', { username, password: 'a wild guess' }, { 'X-Forwarded-For': from })
      .then(outcome);
  for (let at = 0; at < 10; at += 1) expect(await guess('10.0.0.1')).toBe('401 wrong-credentials');
  expect(await guess('10.0.0.1')).toBe('429 too-fast');
  expect(await guess('10.0.0.2')).toBe('401 wrong-credentials');
  expect(await guess('10.0.0.1', 'Guessed2')).toBe('401 wrong-credentials');
});

test('a class of 200 behind one address signs in without a refusal', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      parlour.visitor().post('/api/session', { username: `Pupil${at}` }, { 'X-Forwarded-For': '10.0.0.9' }),
    ),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('behind a proxy with TLS the cookie is bound to the host and sent over TLS only', async () => {
  const secure = { 'X-Forwarded-Proto': 'https' };
  const { headers } = await parlour.visitor().post('/api/session', { username: 'Secure1' }, secure);
  const cookie = headers.getSetCookie()[0]!;
  expect(cookie).toMatch(/^__Host-parlour=/);
  expect(cookie).toMatch(/; secure/i);
  expect(cookie).not.toMatch(/domain/i);
});

test('numbers are served where they are configured', async () => {
  const text = await (await fetch(`${parlour.address}/metrics`)).text();
  expect(text).toContain('http_request_duration_seconds_count');
});
