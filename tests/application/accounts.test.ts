import { expect, test } from '@jest/globals';
import { settle } from './slow-storage.js';
import { refusal, refusalOf } from '../support/refusal.js';
import { DAY, makeHouse, PASSWORD, SECOND } from './fixture.js';

test('B01: a new account is logged in at once', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  expect((await house.show(alice)).user).toMatchObject({ id: alice.user.id, username: 'Alice' });
});

test('B02: two accounts never have the same name, however it is written', async () => {
  const house = makeHouse();
  await house.account('Alice');
  const error = await refusal(() => house.account('aLICE'));
  expect(error).toMatchObject({ kind: 'conflict', code: 'username-taken', details: { field: 'username' } });
});

test('B02: of twenty who want one name at once, one gets it', async () => {
  const house = makeHouse();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => refusalOf(() => (n % 2 ? house.account : house.guest)('Alice'))),
  );
  expect(outcomes.filter((code) => code === null)).toHaveLength(1);
});

test('a password is stored as its hash only', async () => {
  const house = makeHouse();
  const { user } = await house.account('Alice');
  expect(user.passwordHash).toBe(`hash of ${PASSWORD}`);
});

test('A16, A17: the rules for names and passwords are the server’s, whoever asks', async () => {
  const { use } = makeHouse();
  const given = { password: PASSWORD, before: null, takeOver: false };
  expect(await refusalOf(() => use.createAccount.execute({ ...given, username: 'bob' }))).toBe(
    'invalid-username',
  );
  expect(await refusalOf(() => use.continueAsGuest.execute({ ...given, username: 'b b' }))).toBe(
    'invalid-username',
  );
  expect(await refusalOf(() => use.logIn.execute({ ...given, username: 7 }))).toBe('invalid-username');
  expect(
    await refusalOf(() => use.createAccount.execute({ ...given, username: 'Alice', password: '1234567' })),
  ).toBe('invalid-password');
  expect(await refusalOf(() => use.logIn.execute({ ...given, username: 'Alice', password: undefined }))).toBe(
    'invalid-password',
  );
});

test('C02: whoever logs out can log in again, and is the same user', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  await house.logOut(alice);
  expect((await house.logIn('ALICE')).user).toEqual(alice.user);
});

test('B03: a wrong password and an unknown name are refused alike, at the same expense', async () => {
  const house = makeHouse();
  await house.account('Alice');
  const wrong = await refusal(() => house.logIn('Alice', { password: 'wrong' }));
  const unknown = await refusal(() => house.logIn('Nobody'));
  expect(unknown).toEqual(wrong);
  expect(wrong).toMatchObject({ kind: 'unauthenticated', code: 'wrong-credentials' });
  expect(house.passwords.verified).toEqual([`hash of ${PASSWORD}`, null]);
});

test('a guest has no password: no password lets anyone in under a guest’s name', async () => {
  const house = makeHouse();
  await house.guest('Alice');
  expect(await refusalOf(() => house.logIn('Alice', { takeOver: true }))).toBe('wrong-credentials');
});

test('A14: whoever is logged in already is refused', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  expect(await refusalOf(() => house.logIn('Alice'))).toBe('already-logged-in');
  expect((await house.show(alice)).user).not.toBeNull();
});

test('A14: whoever is logged in already learns no more than others by a wrong password', async () => {
  const house = makeHouse();
  await house.account('Alice');
  expect(await refusalOf(() => house.logIn('Alice', { password: 'wrong', takeOver: true }))).toBe(
    'wrong-credentials',
  );
});

test('A14: taking over ends the other session, tells it why, and keeps the room', async () => {
  const house = makeHouse();
  const old = await house.account('Alice');
  const room = await house.createRoom(old, 'Room');
  await house.enter(old, room.id);
  const now = await house.logIn('Alice', { takeOver: true });
  expect((await house.show(old)).ended).toBe('taken-over');
  expect(await house.show(now)).toMatchObject({ user: { id: old.user.id }, room: { id: room.id } });
  expect((await house.rooms(now)).rooms[0]!.members).toBe(1);
  expect((await house.poll(now, room.id)).online?.users).toEqual([
    { username: 'Alice', guest: false, away: false },
  ]);
});

test.each(['logs out', 'begins another session'] as const)(
  'A14: a browser whose session was taken over ends nothing of the new one when it %s',
  async (what) => {
    const house = makeHouse();
    const old = await house.account('Alice');
    const room = await house.createRoom(old, 'Room');
    const now = await house.logIn('Alice', { takeOver: true });
    await house.enter(now, room.id);
    if (what === 'logs out') await house.logOut(old);
    else await house.guest('Guest', old);
    expect((await house.show(old)).ended).toBe('taken-over');
    expect(await house.show(now)).toMatchObject({ user: { roomId: room.id }, room: { members: 1 } });
    expect((await house.poll(now, room.id)).online?.users).toHaveLength(1);
  },
);

test('A14: of many take-overs at once, the last holds and every other is told', async () => {
  const house = makeHouse();
  await house.account('Alice');
  const all = await Promise.all(Array.from({ length: 8 }, () => house.logIn('Alice', { takeOver: true })));
  const shown = await Promise.all(all.map((person) => house.show(person)));
  expect(shown.filter(({ user }) => user !== null)).toHaveLength(1);
  expect(shown.filter(({ ended }) => ended === 'taken-over')).toHaveLength(7);
});

test('A13: logging out takes the name off the register at once', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  await house.logOut(alice);
  expect(await house.show(alice)).toMatchObject({ user: null, ended: 'logged-out' });
  await house.logIn('Alice');
});

test('A11: logging out leaves the room, and does nothing where nobody was logged in', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  const bob = await house.account('Bobby');
  const room = await house.createRoom(alice, 'Room');
  await house.enter(alice, room.id);
  await house.enter(bob, room.id);
  await house.logOut(bob);
  await house.logOut(bob);
  await house.use.logOut.execute(null);
  await house.use.logOut.execute('a session that never was');
  expect((await house.rooms(alice)).rooms[0]!.members).toBe(1);
  expect((await house.poll(alice, room.id)).online?.users).toHaveLength(1);
});

test('A12: a login that is made to wait holds up nobody else', async () => {
  const house = makeHouse({ loginDelayMs: 5 * SECOND });
  const bob = await house.account('Bobby');
  let isIn = false;
  const waiting = house.guest('Alice').then(() => (isIn = true));
  await settle();
  await house.createRoom(bob, 'Room');
  expect(isIn).toBe(false);
  house.clock.advance(5 * SECOND);
  await waiting;
});

test('A12: a login waits whether it is right or wrong', async () => {
  const house = makeHouse({ loginDelayMs: 5 * SECOND });
  let outcome: string | null | undefined;
  void refusalOf(() => house.logIn('Nobody')).then((code) => (outcome = code));
  house.clock.advance(4 * SECOND);
  await settle();
  expect(outcome).toBeUndefined();
  house.clock.advance(SECOND);
  await settle();
  expect(outcome).toBe('wrong-credentials');
});

test('C01: a display name alone is enough to begin, and no password is stored', async () => {
  const house = makeHouse();
  const { user } = await house.guest('Alice');
  expect(user).toMatchObject({ username: 'Alice', passwordHash: null });
});

test('C01: a guest’s name is taken from accounts and guests while the session lives', async () => {
  const house = makeHouse();
  const guest = await house.guest('Alice');
  expect(await refusalOf(() => house.guest('ALICE'))).toBe('already-logged-in');
  expect(await refusalOf(() => house.account('alice'))).toBe('username-taken');
  await house.logOut(guest);
  await house.account('alice');
});

test('C01: an account’s name is taken from guests, logged in or not', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  await house.logOut(alice);
  expect(await refusalOf(() => house.guest('alice'))).toBe('username-taken');
});

test('C01: a guest’s name is free again once the session has expired, though nobody noticed yet', async () => {
  const house = makeHouse();
  const first = await house.guest('Alice');
  house.clock.advance(7 * DAY);
  const second = await house.guest('alice');
  expect(second.user.id).not.toBe(first.user.id);
  expect((await house.show(first)).ended).toBe('expired');
});

test('C01: a guest who was seen lately keeps the name, though storage does not know of it yet', async () => {
  const house = makeHouse();
  const guest = await house.guest('Alice');
  house.clock.advance(6 * DAY);
  await house.as(guest);
  house.clock.advance(6 * DAY);
  expect(await refusalOf(() => house.guest('alice'))).toBe('already-logged-in');
});

test('logging in ends, as logged out, the session that the browser had', async () => {
  const house = makeHouse();
  const guest = await house.guest('Alice');
  const room = await house.createRoom(guest, 'Room');
  await house.enter(guest, room.id);
  const account = await house.account('Bobby', guest);
  expect((await house.show(guest)).ended).toBe('logged-out');
  expect((await house.rooms(account)).rooms[0]!.members).toBe(0);
  expect(house.presence.online(room.id).users).toEqual([]);
  await house.guest('Alice');
});

test('a login that is refused ends no session', async () => {
  const house = makeHouse();
  const guest = await house.guest('Alice');
  await house.account('Bobby');
  expect(await refusalOf(() => house.account('bobby', guest))).toBe('username-taken');
  expect((await house.show(guest)).ended).toBeNull();
});
