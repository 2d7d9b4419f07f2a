import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Written } from '../../../src/application/ports.js';
import { Changes } from '../../../src/adapters/storage/postgres/changes.js';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { addGuest, addRoom, open, post } from './scene.js';

let place: Place;
let storage: OpenedStorage;
let other: OpenedStorage;
const clients: pg.Client[] = [];

beforeEach(async () => {
  place = await newPlace();
  [storage, other] = await Promise.all([open(place.address), open(place.address)]);
  await addRoom(other, 'tea');
  expect(await changes()).toBeNull();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await Promise.all([storage, other].map((opened) => opened.close()));
  await place.dispose();
});
afterAll(stopOwnServer);

const changes = () => storage.changes!();
const byHand = async (): Promise<pg.Client> => {
  const client = new pg.Client(place.address);
  await client.connect();
  clients.push(client);
  return client;
};
/** The place, for somebody with other limits. */
const addressWith = (limits: Record<string, string>): string => {
  const address = new URL(place.address);
  for (const [name, ms] of Object.entries(limits)) address.searchParams.set(name, ms);
  return address.href;
};
const named = (written: Written | null) =>
  written &&
  Object.fromEntries(Object.entries(written).map(([kind, ids]) => [kind, [...(ids as Set<string>)].sort()]));
const only = (some: Partial<Record<keyof Written, string[]>>) => ({
  sessions: [],
  users: [],
  rooms: [],
  logs: [],
  ...some,
});

test('what was written is named once, under its kind, and nothing else is', async () => {
  expect(named(await changes())).toEqual(only({}));
  await addGuest(other, 'alice');
  await post(other, 'tea', 'one');
  await post(storage, 'tea', 'two');
  expect(named(await changes())).toEqual(
    only({ users: ['alice'], sessions: ['session-of-alice'], logs: ['tea'] }),
  );
  expect(named(await changes())).toEqual(only({}));
});

test('what is changed by hand is named too, from whatever schema', async () => {
  const client = await byHand();
  const { rows } = await client.query('select current_schema() as schema');
  await client.query('set search_path = pg_catalog');
  await client.query(`update ${rows[0].schema}.rooms set capacity = 7`);
  await client.query(`delete from ${rows[0].schema}.logs`);
  expect(named(await changes())).toEqual(only({ rooms: ['tea'], logs: ['tea'] }));
});

test('a transaction that began before others and is committed after them is named once it is', async () => {
  const slow = await byHand();
  await slow.query('begin');
  await slow.query(`update rooms set capacity = 7`);
  await post(other, 'tea', 'one');
  expect(named(await changes())).toEqual(only({ logs: ['tea'] }));
  await slow.query('commit');
  expect(named(await changes())).toEqual(only({ rooms: ['tea'] }));
});

test('what was taken back is not named', async () => {
  const client = await byHand();
  await client.query('begin');
  await client.query(`update rooms set capacity = 7`);
  await client.query('rollback');
  expect(named(await changes())).toEqual(only({}));
});

test('after its connection was lost, anything may have been written', async () => {
  const client = await byHand();
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and query like '%pg_current_snapshot%'`);
  let answer: Written | null | undefined;
  for (let tries = 0; answer === undefined && tries < 50; tries += 1) {
    answer = await changes().catch(() => undefined);
  }
  expect(answer).toBeNull();
  expect(named(await changes())).toEqual(only({}));
});

test('of a question that failed, the next names what it would have', async () => {
  const client = await byHand();
  await post(other, 'tea', 'one');
  await client.query('alter table changes rename to away');
  await expect(changes()).rejects.toThrow('changes');
  await client.query('alter table away rename to changes');
  expect(named(await changes())).toEqual(only({ logs: ['tea'] }));
});

test('storage that cannot be asked what was written does not call itself ready', async () => {
  const blocked = await open(addressWith({ connection_timeout: '300', lock_timeout: '9000' }));
  try {
    await blocked.changes!();
    await blocked.ping();
    const client = await byHand();
    await client.query('begin; lock table changes in access exclusive mode');
    const asked = blocked.changes!();
    await expect(blocked.ping()).rejects.toMatchObject({ name: 'StorageUnavailable' });
    await client.query('commit');
    expect(named(await asked)).toEqual(only({}));
    await blocked.ping();
  } finally {
    await blocked.close();
  }
});

test('changes of what another cluster’s transactions did, as a copied database has, are forgotten at the start', async () => {
  const client = await byHand();
  await client.query(`insert into changes values ('9000000000', 'users', 'alice')`);
  expect(named(await changes())).toEqual(only({ users: ['alice'] }));
  await (await open(place.address)).close();
  expect(named(await changes())).toEqual(only({}));
});

test('a start forgets nothing that another process did not ask for yet', async () => {
  await post(other, 'tea', 'one');
  await (await open(place.address)).close();
  expect(named(await changes())).toEqual(only({ logs: ['tea'] }));
});

test('whoever changes something by hand needs no right but to do that', async () => {
  const client = await byHand();
  const role = `helper_${randomUUID().replaceAll('-', '_')}`;
  const { rows } = await client.query('select current_schema() as schema');
  const { schema } = rows[0];
  await client.query(`create role ${role}; grant usage on schema ${schema} to ${role};
    grant select, update on ${schema}.rooms to ${role}`);
  try {
    await client.query(
      `set role ${role}; set search_path = pg_catalog; update ${schema}.rooms set capacity = 7`,
    );
    expect(named(await changes())).toEqual(only({ rooms: ['tea'] }));
  } finally {
    await client.query(`reset role; drop owned by ${role}; drop role ${role}`);
  }
});

test('of what gets another key by hand, the old one is named', async () => {
  await addGuest(other, 'alice');
  await changes();
  await (await byHand()).query(`update sessions set id = 'revoked'`);
  expect((await changes())!.sessions).toContain('session-of-alice');
});

test('after a truncation, or a statement that changed more than can be named, anything may have been written', async () => {
  const client = await byHand();
  await client.query(`truncate sessions`);
  expect(await changes()).toBeNull();
  const insert = (count: number) => `insert into users (id, username, username_key, created_at)
    select n, n, n, 0 from (select gen_random_uuid()::text as n from generate_series(1, ${count})) as named`;
  await client.query(insert(200));
  expect((await changes())!.users.size).toBe(200);
  await client.query(insert(201));
  expect(await changes()).toBeNull();
  await client.query(Array.from({ length: 26 }, () => insert(200)).join(';'));
  expect(await changes()).toBeNull();
  expect(named(await changes())).toEqual(only({}));
});

test('after a question that took too long, anything may have been written: it would take as long the next time', async () => {
  const hasty = await open(addressWith({ statement_timeout: '200', lock_timeout: '9000' }));
  try {
    await hasty.changes!();
    const client = await byHand();
    await client.query('begin; lock table changes in access exclusive mode');
    await expect(hasty.changes!()).rejects.toThrow();
    await client.query('commit');
    expect(await hasty.changes!()).toBeNull();
    expect(named(await hasty.changes!())).toEqual(only({}));
  } finally {
    await hasty.close();
  }
});

test('changes that everybody has long been able to ask for are forgotten, and whoever did not may find anything changed', async () => {
  const pool = new pg.Pool({ connectionString: place.address, max: 2 });
  const single = () => new pg.Pool({ connectionString: place.address, max: 1 });
  const listening = [single(), single(), single()] as const;
  let now = 0;
  const [busy, late, lately] = listening.map((one) => new Changes(one, pool, () => now)) as [
    Changes,
    Changes,
    Changes,
  ];
  const kinds = async () =>
    (await pool.query('select kind from changes order by kind')).rows.map(({ kind }) => kind);
  const arrives = async (wanted: string[]) => {
    while (JSON.stringify(await kinds()) !== JSON.stringify(wanted)) await new Promise(setImmediate);
  };
  try {
    // More than are forgotten at once.
    await pool.query(`insert into changes select '3', 'logs', 'long ago' from generate_series(1, 20001)`);
    await Promise.all([busy.since(), late.since()]);
    await post(other, 'tea', 'one');
    now = 61_000;
    await Promise.all([busy.since(), lately.since()]);
    await arrives(['forgotten', 'logs']);
    now = 119_000;
    await busy.since();
    await post(other, 'tea', 'two');
    expect(await kinds()).toEqual(['forgotten', 'logs', 'logs']);
    now = 122_000;
    await busy.since();
    await arrives(['forgotten', 'logs']);
    expect(await late.since()).toBeNull();
    expect(named(await late.since())).toEqual(only({}));
    expect(named(await lately.since())).toEqual(only({ logs: ['tea'] }));
  } finally {
    await Promise.all([pool, ...listening].map((one) => one.end()));
  }
});
