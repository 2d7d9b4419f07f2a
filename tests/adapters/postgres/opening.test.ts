import { afterAll, beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import { StorageRefused } from '../../../src/adapters/storage/engine.js';
import { engineFor } from '../../../src/adapters/storage/engines.js';
import { newPlace, query, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { PostgresServer } from '../../support/postgres-server.js';
import { addRoom, allEntries, open, post } from './scene.js';

let place: Place;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.dispose());
afterAll(stopOwnServer);

const refusal = async (address: string): Promise<string> => {
  const error = await open(address).then(
    async (storage) => storage.close(),
    (why: unknown) => why,
  );
  expect(error).toBeInstanceOf(StorageRefused);
  return (error as Error).message;
};

test('ten instances that start at once bring the tables up to date once', async () => {
  const opened = await Promise.all(Array.from({ length: 10 }, () => open(place.address)));
  await addRoom(opened[0]!, 'room');
  for (const storage of opened) await post(storage, 'room', `${opened.indexOf(storage)}`);
  const entries = await allEntries(opened[9]!, 'room');
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await Promise.all(opened.map((storage) => storage.close()));
});

test('an address may begin with postgresql as well, and leads to the same rooms', async () => {
  const opened = await open(place.address);
  await addRoom(opened, 'room');
  await opened.close();
  const address = place.address.replace(/^postgres:/, 'postgresql:');
  const again = await (await engineFor(address)).open(address);
  expect((await post(again, 'room', 'here')).seq).toBe(1);
  await again.close();
});

test('a scheme that no engine has is refused with those that there are, each way of writing them included', async () => {
  await expect(engineFor('mysql://db/parlour')).rejects.toThrow(
    'no storage engine is named “mysql”; there are memory, postgres, postgresql, sqlite, and what STORAGE_ENGINE names',
  );
});

test('tables that a newer Parlour has changed are refused, and what it did is named', async () => {
  await (await open(place.address)).close();
  await query(place.address, `insert into kysely_migration values ('9999-more-rooms', now()::text)`);
  expect(await refusal(place.address)).toMatch(/newer Parlour.*9999-more-rooms/);
});

test.each(['synchronous_commit', 'fsync', 'full_page_writes'])(
  'a server on which %s is off is refused, with the reason',
  async (setting) => {
    if (setting === 'synchronous_commit') {
      const address = `${place.address}+-c+synchronous_commit%3Doff`;
      expect(await refusal(address)).toMatch(/synchronous_commit is off.*lost/);
      return;
    }
    const server = await PostgresServer.start(['-c', `${setting}=off`]);
    try {
      expect(await refusal(server.url())).toMatch(new RegExp(`${setting} is off.*lost`));
    } finally {
      await server.stop();
    }
  },
);

test('a database that cannot hold every text is refused, with the reason', async () => {
  const name = 'parlour_test_latin';
  await query(place.address, `create database ${name} encoding 'LATIN1' template template0`);
  const address = new URL(place.address);
  address.pathname = name;
  address.search = '';
  try {
    expect(await refusal(address.href)).toMatch(/LATIN1.*UTF8/);
  } finally {
    await query(place.address, `drop database ${name}`);
  }
});

describe('an address that leads nowhere is refused with a reason that shows no password:', () => {
  test.each([
    ['no server', () => 'postgres://me:secret@127.0.0.1:1/parlour', /ECONNREFUSED 127\.0\.0\.1:1; start it/],
    ['no database', () => place.address.replace(/\/\w+\?/, '/nowhere?'), /"nowhere" does not exist; create/],
    ['no URL', () => 'postgres://me:secret@[/', /not a URL/],
    ['no number', () => `${place.address}&lock_timeout=soon`, /lock_timeout=soon/],
    ['no schema', () => place.address.replace(/parlour_test_\w+/, 'nowhere'), /search_path.*; create/],
  ])('%s', async (_, address, reason) => {
    const message = await refusal(address());
    expect(message).toMatch(reason);
    expect(message).not.toContain('secret');
  });
});
