import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  StorageRefused,
  StorageUnavailable,
  type OpenedStorage,
} from '../../../src/adapters/storage/engine.js';
import { User } from '../../../src/domain/user.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
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

/** A network that lets a statement through to the server, and breaks before the answer to it comes back. */
const breakingNetwork = async (): Promise<{ server: Server; breakAt: (statement: string) => void }> => {
  const { hostname, port } = new URL(place.address);
  let breaksAt: string | null = null;
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    let isBreaking = false;
    client.on('data', (data) => {
      isBreaking ||= breaksAt !== null && data.includes(breaksAt);
      server.write(data);
    });
    server.on('data', (data) => {
      if (!isBreaking) return void client.write(data);
      breaksAt = null;
      client.destroy();
    });
    client.on('close', () => server.destroy()).on('error', () => undefined);
    server.on('close', () => client.destroy()).on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { server: proxy, breakAt: (statement) => (breaksAt = statement) };
};

const through = (proxy: Server): string => {
  const address = new URL(place.address);
  address.hostname = '127.0.0.1';
  address.port = `${(proxy.address() as AddressInfo).port}`;
  return address.href;
};

test('a commit whose confirmation is lost is not done again: whoever asked is told that nobody knows', async () => {
  const { server, breakAt } = await breakingNetwork();
  const shaky = await open(through(server));
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
  const { server, breakAt } = await breakingNetwork();
  const shaky = await open(through(server));
  breakAt('from logs where');
  expect((await post(shaky, 'room', 'one')).seq).toBe(1);
  await shaky.close();
  server.close();
});

test('a connection that is lost while the tables are brought up to date refuses the start, and holds up nothing', async () => {
  const { server, breakAt } = await breakingNetwork();
  breakAt('commit\0');
  await expect(open(through(server))).rejects.toBeInstanceOf(StorageRefused);
  await (await open(through(server))).close();
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
