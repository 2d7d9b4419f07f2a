import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { newPlace, stopOwnServer, type Place } from '../support/postgres-places.js';
import { Parlour } from './parlour.js';
import { outcome, type Answer, type Visitor } from './visitor.js';

/* Two servers on one PostgreSQL, whatever TEST_STORAGE says: nothing else here runs in several processes. */
let place: Place;
const open = async (environment = {}): Promise<Parlour> => {
  const parlour = new Parlour({ STORAGE: place.address, ...environment }, {});
  await parlour.open();
  return parlour;
};
let here: Parlour;
let there: Parlour;
beforeAll(async () => {
  place = await newPlace();
  here = await open();
  there = await open();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await here.close();
  await there.close();
  await place.dispose();
  await stopOwnServer();
});

const EVIL = { 'Sec-Fetch-Site': 'cross-site' };

const elsewhere = (visitor: Visitor): Visitor => {
  const same = there.visitor();
  same.cookie = visitor.cookie;
  return same;
};

test('a post by whoever was just seen asks for no view: its own transaction says who it is', async () => {
  const alice = await here.guest('Alice');
  const roomId = await alice.createRoom('Views');
  await alice.enter(roomId);
  await alice.say(roomId, 'known by now');
  const queries = jest.spyOn(pg.Client.prototype, 'query');
  const { status } = await alice.say(roomId, 'seen once more');
  expect(status).toBe(201);
  const begun = queries.mock.calls.filter(([text]) => String(text).startsWith('begin'));
  expect(begun).toEqual([['begin isolation level read committed read write']]);
});

const messages = (roomId: string) => `/api/rooms/${roomId}/messages`;
const message = { clientMessageId: 'wrong', text: 'still here?' };

test.each<[string, string, string, (from: Visitor, roomId: string) => Promise<Answer>]>([
  ['in order', 'Robert', '201', (bob, roomId) => bob.say(roomId, 'still here?')],
  ['empty', 'Bert', '400 empty-message', (bob, roomId) => bob.say(roomId, '')],
  [
    'from another site',
    'Robin',
    '403 cross-site',
    (bob, roomId) => bob.post(messages(roomId), message, EVIL),
  ],
  ['to no room', 'Bobby', '404 no-such-room', (bob) => bob.say('nowhere', 'still here?')],
  [
    'to a room that is deleted',
    'Bobbie',
    '410 room-deleted',
    async (bob, roomId) => {
      await bob.delete(`/api/rooms/${roomId}`);
      return bob.say(roomId, 'still here?');
    },
  ],
  ['too large', 'Roberta', '413 too-large', (bob, roomId) => bob.say(roomId, 'x'.repeat(70_000))],
  ['no JSON', 'Berta', '415 not-json', (bob, roomId) => bob.ask('POST', messages(roomId), { body: 'hi' })],
])(
  'C02 a post that is %s is answered first that its session was ended elsewhere',
  async (_which, name, otherwise, post) => {
    const bob = await here.guest(name);
    const roomId = await bob.createRoom(`${name}'s`);
    await bob.enter(roomId);
    expect(outcome(await post(bob, roomId))).toBe(otherwise);
    const cookie = bob.cookie;
    expect((await elsewhere(bob).delete('/api/session')).status).toBe(200);
    bob.cookie = cookie;
    expect(outcome(await post(bob, roomId))).toBe('401 session-ended');
  },
);

test('C02 a post that comes too fast is answered first that its session was ended elsewhere', async () => {
  const limited = await open({ RATE_LIMITS: 'on' });
  try {
    const bob = await limited.guest('Speedy');
    const roomId = await bob.createRoom('Fast');
    await bob.enter(roomId);
    let last = '';
    for (let n = 0; n < 100 && last !== '429 too-fast'; n++)
      last = outcome(await bob.say(roomId, `no. ${n}`));
    expect(last).toBe('429 too-fast');
    const cookie = bob.cookie;
    expect((await elsewhere(bob).delete('/api/session')).status).toBe(200);
    bob.cookie = cookie;
    expect(outcome(await bob.say(roomId, 'still here?'))).toBe('401 session-ended');
  } finally {
    await limited.close();
  }
});

test('B14 a post by whoever moved to another room elsewhere is refused, and says why', async () => {
  const carol = await here.guest('Carol');
  const [left, entered] = [await carol.createRoom('Left'), await carol.createRoom('Entered')];
  await carol.enter(left);
  expect((await carol.say(left, 'here')).status).toBe(201);
  expect((await elsewhere(carol).delete('/api/session/room')).status).toBe(200);
  expect((await elsewhere(carol).enter(entered)).status).toBe(200);
  const { status, body } = await carol.say(left, 'too late');
  expect([status, body.code]).toEqual([403, 'not-in-room']);
  expect((await carol.say(entered, 'in time')).status).toBe(201);
});
