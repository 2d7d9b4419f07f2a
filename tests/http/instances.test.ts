import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { newPlace, stopOwnServer, type Place } from '../support/postgres-places.js';
import { Parlour } from './parlour.js';
import type { Visitor } from './visitor.js';

/* Two servers on one PostgreSQL, whatever TEST_STORAGE says: nothing else here runs in several processes. */
let place: Place;
const open = async (): Promise<Parlour> => {
  const parlour = new Parlour({ STORAGE: place.address }, {});
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

test.each([
  ['in order', 'Robert', 'still here?'],
  ['not in order either', 'Bert', ''],
])(
  'C02 a post that is %s is answered first that its session was ended elsewhere',
  async (_which, name, text) => {
    const bob = await here.guest(name);
    const roomId = await bob.createRoom(`${name}'s`);
    await bob.enter(roomId);
    expect((await bob.say(roomId, 'still here')).status).toBe(201);
    const cookie = bob.cookie;
    expect((await elsewhere(bob).delete('/api/session')).status).toBe(200);
    bob.cookie = cookie;
    const { status, body } = await bob.say(roomId, text);
    expect([status, body.code]).toEqual([401, 'session-ended']);
  },
);

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
