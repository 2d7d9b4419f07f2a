import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  StorageRefused,
  StorageUnavailable,
  type OpenedStorage,
} from '../../../src/adapters/storage/engine.js';
import { User } from '../../../src/domain/user.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { breakingNetwork, through } from './breaking-network.js';
import { addRoom, allEntries, open, post } from './scene.js';

let place: Place;
let storage: OpenedStorage;
beforeEach(async () => {
  place = await newPlace();
  storage = await open(place.address);
  await addRoom(storage, 'room');
});
afterEach(async () => {
  await storage.close();
  await place.dispose();
});
afterAll(stopOwnServer);

test('a commit whose confirmation is lost is not done again: whoever asked is told that nobody knows', async () => {
  const { server, breakAt } = await breakingNetwork(place.address);
  const shaky = await open(through(server, place.address));
  breakAt('commit\0');
  let tries = 0;
  const posting = post(shaky, 'room', 'once', async () => (tries += 1));
  await expect(posting).rejects.toBeInstanceOf(StorageUnavailable);
  expect(tries).toBe(1);
  expect((await allEntries(storage, 'room')).map(({ text }) => text)).toEqual(['once']);
  expect((await post(shaky, 'room', 'next')).seq).toBe(2);
  await shaky.close();
  server.close();
});

test('a transaction whose connection is lost before its commit was sent is done again', async () => {
  const { server, breakAt } = await breakingNetwork(place.address);
  const shaky = await open(through(server, place.address));
  breakAt('from logs where');
  expect((await post(shaky, 'room', 'one')).seq).toBe(1);
  await shaky.close();
  server.close();
});

test('a connection that is lost while the tables are brought up to date refuses the start, and holds up nothing', async () => {
  const { server, breakAt } = await breakingNetwork(place.address);
  breakAt('commit\0');
  await expect(open(through(server, place.address))).rejects.toBeInstanceOf(StorageRefused);
  await (await open(through(server, place.address))).close();
  server.close();
});

test('closing waits for what was asked before it, and refuses what comes after', async () => {
  const other = await open(place.address);
  const posts = Array.from({ length: 30 }, (_, at) => post(other, 'room', `${at}`));
  const closing = other.close();
  await expect(post(other, 'room', 'late')).rejects.toBeInstanceOf(StorageUnavailable);
  await Promise.all([...posts, closing, other.close()]);
  expect(await allEntries(storage, 'room')).toHaveLength(30);
});

test('work that swallows a failure of storage is not committed', async () => {
  const work = storage.transact(async ({ users, rooms }) => {
    await users.save(User.guest('alice', { shown: 'Alice', key: 'alice' }, 1));
    await users.save(User.guest('other', { shown: 'Alice', key: 'alice' }, 1));
    await rooms.get('room').catch(() => null);
  });
  await expect(work).rejects.toBeInstanceOf(StorageUnavailable);
  expect(await storage.read((from) => from.userNamed('alice'))).toBeNull();
});
