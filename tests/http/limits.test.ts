import { expect, test } from '@jest/globals';
import { plainPasswords, useParlour } from './parlour.js';
import { outcome, type Answer } from './visitor.js';

/** As long as a real check takes: so many guesses are under way at once. */
const passwords = {
  ...plainPasswords,
  verify: async (password: string, hash: string | null) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return plainPasswords.verify(password, hash);
  },
};
const parlour = useParlour({ RATE_LIMITS: 'on', TRUST_PROXY: 'on' }, { passwords });

const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

const expectTooFast = (answer: Answer): void => {
  expect(outcome(answer)).toBe('429 too-fast');
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
};

test('posts come in bursts of twenty, and then are refused with the time to wait; another user is not', async () => {
  const [user, other] = [await parlour.guest('Fast1'), await parlour.guest('Fast2')];
  const room = await user.createRoom('Bursts');
  await user.enter(room);
  await other.enter(room);
  const answers = await times(25, (at) => user.say(room, `line ${at}`));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  for (const refused of answers.filter(({ status }) => status !== 201)) expectTooFast(refused);
  expect(outcome(await other.say(room, 'my first'))).toBe('201');
  expect((await user.poll(room, 'after=0')).body.last).toBe(21);
});

test('a user makes ten rooms a minute; what was refused by another rule counts as well, another user’s does not', async () => {
  const [user, other] = [await parlour.guest('Fast3'), await parlour.guest('Fast4')];
  const answers = await times(11, (at) => user.post('/api/rooms', { name: `Room ${at}` }));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(201), 429]);
  for (const refused of answers.filter(({ status }) => status !== 201)) expectTooFast(refused);
  expect(outcome(await other.post('/api/rooms', { name: 'Room of another' }))).toBe('201');
});

test('a user polls ten times in any second', async () => {
  const [user, other] = [await parlour.guest('Fast5'), await parlour.guest('Fast6')];
  const room = await user.createRoom('Polls');
  await user.enter(room);
  await other.enter(room);
  const began = performance.now();
  const polls = await times(60, () => user.poll(room, 'after=0'));
  const seconds = Math.floor((performance.now() - began) / 1000) + 1;
  const allowed = polls.filter(({ status }) => status === 200).length;
  expect(allowed).toBeGreaterThanOrEqual(10);
  expect(allowed).toBeLessThanOrEqual(10 * seconds);
  for (const refused of polls.filter(({ status }) => status !== 200)) expectTooFast(refused);
  expect(outcome(await other.poll(room, 'after=0'))).toBe('200');
});

const login = (from: string, username: string, password: string) =>
  parlour.visitor().post('/api/session', { username, password, takeOver: true }, { 'X-Forwarded-For': from });
const PASSWORD = 'correct horse battery';
const createAccount = async (username: string) => {
  const answer = await parlour.visitor().post('/api/accounts', { username, password: PASSWORD });
  expect(outcome(answer)).toBe('201');
};

test('ten failed logins a minute an account and address; neither another account nor another address pays for it', async () => {
  await createAccount('Guessed1');
  for (let at = 0; at < 10; at += 1) {
    expect(outcome(await login('10.0.0.1', 'Guessed1', 'a wild guess'))).toBe('401 wrong-credentials');
  }
  expectTooFast(await login('10.0.0.1', 'GUESSED1', 'a wild guess'));
  expectTooFast(await login('10.0.0.1', 'Guessed1', PASSWORD));
  expect(outcome(await login('10.0.0.2', 'Guessed1', 'a wild guess'))).toBe('401 wrong-credentials');
  expect(outcome(await login('10.0.0.1', 'Guessed2', 'a wild guess'))).toBe('401 wrong-credentials');
  expect(outcome(await login('10.0.0.2', 'Guessed1', PASSWORD))).toBe('200');
});

test('guesses that are made all at once are counted like others', async () => {
  await createAccount('Guessed3');
  const guesses = await times(40, (at) => login('10.0.0.3', 'Guessed3', `guess ${at}`));
  const wrong = guesses.filter(({ status }) => status === 401);
  expect(wrong).toHaveLength(10);
  for (const refused of guesses.filter(({ status }) => status !== 401)) expectTooFast(refused);
});

test('only what the proxy itself says of the address counts, not what came before that', async () => {
  for (let at = 0; at < 10; at += 1) {
    expect(outcome(await login(`10.1.0.${at}, 10.0.0.5`, 'Guessed4', 'a wild guess'))).toBe(
      '401 wrong-credentials',
    );
  }
  expectTooFast(await login('10.1.0.99, 10.0.0.5', 'Guessed4', 'a wild guess'));
});

test('logins that succeed are not counted, however many come, one after another or at once', async () => {
  await createAccount('Often1');
  for (let at = 0; at < 15; at += 1) {
    expect(outcome(await login('10.0.0.4', 'Often1', PASSWORD))).toBe('200');
  }
  const answers = await times(30, () => login('10.0.0.4', 'Often1', PASSWORD));
  expect(answers.map(outcome)).toEqual(Array<string>(30).fill('200'));
  const known = await times(30, () =>
    parlour
      .visitor()
      .post('/api/session', { username: 'Often1', password: PASSWORD }, { 'X-Forwarded-For': '10.0.0.4' }),
  );
  expect(known.map(outcome)).toEqual(Array<string>(30).fill('409 already-logged-in'));
});

test('a class of 200 behind one address signs in without a refusal, half of it as guests and half with accounts', async () => {
  const from = { 'X-Forwarded-For': '10.0.0.9' };
  const answers = await times(200, (at) =>
    at % 2 === 0
      ? parlour.visitor().post('/api/session', { username: `Pupil${at}` }, from)
      : parlour.visitor().post('/api/accounts', { username: `Pupil${at}`, password: PASSWORD }, from),
  );
  expect(new Set(answers.map(outcome))).toEqual(new Set(['200', '201']));
});
