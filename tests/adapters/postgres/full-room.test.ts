import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { HOUR, makeHouse, type House, type Person } from '../../application/fixture.js';
import { refusalOf } from '../../support/refusal.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { open } from './scene.js';

let place: Place;
let storage: OpenedStorage;
let house: House;
let members: Person[];
let roomId: string;
/** A room for two, full since this moment. */
beforeEach(async () => {
  place = await newPlace();
  storage = await open(place.address);
  house = makeHouse({ placeKeptMs: HOUR }, storage);
  members = [await house.guest('Alice'), await house.guest('Bobby')];
  roomId = (await house.createRoom(members[0]!, 'Tea', 2)).id;
  for (const member of members) await house.enter(member, roomId);
});
afterEach(async () => {
  await storage.close();
  await place.dispose();
});
afterAll(stopOwnServer);

test('C09 whoever is refused at a full room waits for none of its members who is posting, and keeps none from it', async () => {
  const carol = await house.guest('Carol');
  const posting = new pg.Client(place.address);
  await posting.connect();
  try {
    await posting.query(`begin; select from users where room_id = '${roomId}' for update`);
    expect(await refusalOf(() => house.enter(carol, roomId))).toBe('room-full');
  } finally {
    await posting.end();
  }
});

test('C09 of many who want the place of a member who is long away one gets it', async () => {
  house.clock.advance(HOUR);
  await house.poll(members[0]!, roomId);
  const others = await Promise.all(['Carol', 'David', 'Erika', 'Frank'].map((name) => house.guest(name)));
  const outcomes = await Promise.all(others.map((who) => refusalOf(() => house.enter(who, roomId))));
  expect(outcomes.sort()).toEqual([null, 'room-full', 'room-full', 'room-full'].sort());
  expect((await house.show(members[0]!)).room).toMatchObject({ id: roomId, members: 2 });
  expect((await house.show(members[1]!)).room).toBeNull();
  const inside = await storage.transact(({ users }) => users.inRoom(roomId));
  expect(inside).toHaveLength(2);
});
