import { expect, test } from '@jest/globals';
import { PresenceInProcess } from '../../src/adapters/presence/presence-in-process.js';
import { TestClock } from '../support/test-clock.js';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
const DAY = 24 * HOUR;

const clock = new TestClock();
/* Ages that processes tell each other are by the storage's clock, which cannot be moved as this one is. */
const presence = new PresenceInProcess({ onlineTtlMs: 5 * SECOND, awayTtlMs: 150 * SECOND }, clock);
const parlour = useParlour({ LOGIN_DELAY_MS: '5000' }, { clock, presence });

/** Whose presence goes by steady time, whatever the clock says. */
const steady = useParlour({}, { clock });

const PASSWORD = 'correct horse battery';
let accounts = 0;
const account = async (at = parlour) => {
  accounts += 1;
  const visitor = at.visitor();
  await visitor.post('/api/accounts', { username: `Timed${accounts}`, password: PASSWORD });
  return visitor;
};

test('A12 a login that is made to wait holds nobody else up', async () => {
  const other = await account();
  const waiting = parlour.visitor().post('/api/session', { username: 'Waiting1' });
  let isAnswered = false;
  void waiting.then(() => (isAnswered = true));
  for (let round = 0; round < 20; round += 1) expect(outcome(await other.get('/api/rooms'))).toBe('200');
  expect(isAnswered).toBe(false);
  clock.advance(5000);
  expect(outcome(await waiting)).toBe('200');
});

test('a session ends by itself when idle too long; its user leaves the room', async () => {
  const user = await account();
  const room = await user.createRoom('Idle room');
  await user.enter(room);
  clock.advance(6 * DAY);
  expect(outcome(await user.poll(room, 'after=0'))).toBe('200');
  clock.advance(6 * DAY);
  expect(outcome(await user.poll(room, 'after=0'))).toBe('200');
  clock.advance(7 * DAY);
  const refused = await user.poll(room, 'after=0');
  expect([outcome(refused), refused.body.reason]).toEqual(['401 session-ended', 'expired']);
  expect((await user.get('/api/session')).body.ended).toBe('expired');
  const other = await account();
  const { rooms } = (await other.get('/api/rooms')).body as { rooms: { id: string; members: number }[] };
  expect(rooms.find(({ id }) => id === room)!.members).toBe(0);
});

test('however busy, a session ends after its longest time', async () => {
  const user = await account();
  for (let day = 1; day <= 29; day += 1) {
    clock.advance(DAY);
    expect(outcome(await user.get('/api/rooms'))).toBe('200');
  }
  clock.advance(DAY);
  expect(outcome(await user.get('/api/rooms'))).toBe('401 session-ended');
});

test('C10 who polls is online, who polls from a hidden tab is away, who stops is gone within seconds', async () => {
  const [one, two] = [await account(), await account()];
  const room = await one.createRoom('Presence');
  await one.enter(room);
  await two.enter(room);
  const [first, second] = [accounts - 1, accounts].map((number) => `Timed${number}`);
  const see = async (query = '') => (await one.poll(room, `after=0${query}`)).body.online;
  const list = await see();
  expect(list.users).toEqual([
    { username: first, guest: false, away: false },
    { username: second, guest: false, away: false },
  ]);
  expect(await see(`&online=${list.version as string}`)).toBeUndefined();
  clock.advance(4000);
  await two.poll(room, 'after=0&hidden=1');
  clock.advance(2000);
  expect((await see(`&online=${list.version as string}`)).users[1]).toEqual({
    username: second,
    guest: false,
    away: true,
  });
  await two.poll(room, 'after=0');
  expect((await see()).users[1].away).toBe(false);
  clock.advance(5000);
  expect((await see()).users.map(({ username }: { username: string }) => username)).toEqual([first]);
  await two.poll(room, 'after=0');
  expect((await see()).users).toHaveLength(2);
  await two.delete('/api/session/room');
  expect((await see()).users).toHaveLength(1);
});

test('C10 a clock that is set ahead or back takes nobody off the list, and keeps nobody on it', async () => {
  const [one, two] = [await account(steady), await account(steady)];
  const room = await one.createRoom('Steady');
  await one.enter(room);
  const names = async () =>
    (await one.poll(room, 'after=0')).body.online.users.map(({ username }: { username: string }) => username);
  const both = [accounts - 1, accounts].map((number) => `Timed${number}`);
  for (const byMs of [HOUR, -2 * HOUR, 30 * SECOND, -30 * SECOND]) {
    await two.enter(room);
    clock.advance(byMs);
    expect(await names()).toEqual(both);
    await two.delete('/api/session/room');
    expect(await names()).toEqual(both.slice(0, 1));
  }
});

test('C09 a full room keeps the place of a member who is away for a day, and then may give it to another', async () => {
  const [one, two, three] = [await account(), await account(), await account()];
  const room = await one.createRoom('Places', 2);
  await one.enter(room);
  await two.enter(room);
  clock.advance(20 * HOUR);
  await one.poll(room, 'after=0');
  expect(outcome(await three.enter(room))).toBe('409 room-full');
  clock.advance(4 * HOUR);
  await one.poll(room, 'after=0');
  expect(outcome(await three.enter(room))).toBe('200');
  expect(outcome(await two.poll(room, 'after=0'))).toBe('403 not-in-room');
  expect(outcome(await one.poll(room, 'after=0'))).toBe('200');
});
