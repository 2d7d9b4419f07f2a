import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { StorageUnavailable, type OpenedStorage } from '../../../src/adapters/storage/engine.js';
import type { Repositories } from '../../../src/application/ports.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { requireSameText } from '../../../src/domain/message-log.js';
import { newPlace, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { breakingNetwork, through } from './breaking-network.js';
import { addGuest, addRoom, allEntries, open, post } from './scene.js';

let place: Place;
let storage: OpenedStorage;
let opened: pg.Client[] = [];
beforeEach(async () => {
  place = await newPlace();
  storage = await open(place.address);
  await addRoom(storage, 'room');
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const client of opened) await client.end();
  opened = [];
  await storage.close();
  await place.dispose();
});
afterAll(stopOwnServer);

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const seqs = async (roomId: string) => (await allEntries(storage, roomId)).map(({ seq }) => seq);

/** Posts as the use case does: asks for everything at once, in the order of locking, and knows a retry by its receipt. */
const postOnce = (roomId: string, key: string, digest = key) =>
  storage.transact(async ({ sessions, users, logs }) => {
    const [, , found, receipt] = await Promise.all([
      sessions.get('session-of-author'),
      users.get('author'),
      logs.get(roomId),
      logs.receipt(roomId, 'author', key),
    ]);
    const log = found!;
    if (receipt !== null) {
      requireSameText(receipt, digest);
      return receipt.seq;
    }
    const message = { authorId: 'author', author: 'Author', guest: false, text: key, clientMessageId: key };
    const { seq } = log.append({ ...message, digest }, 1000, 100_000);
    await logs.save(log);
    return seq;
  });

const refused = () =>
  storage.transact(async ({ logs }) => {
    const log = (await logs.get('room'))!;
    log.append(
      { authorId: 'a', author: 'A', guest: false, text: 'no', clientMessageId: 'no', digest: 'no' },
      1,
      9,
    );
    await logs.save(log);
    throw new DomainError('conflict', 'no', 'No.');
  });

test('posts that wait together share a commit, each row locked and each log stored by one statement for all', async () => {
  for (const room of numbers(5)) await addRoom(storage, `room ${room}`);
  const queries = jest.spyOn(pg.Client.prototype, 'query');
  await Promise.all(numbers(50).map((key) => postOnce(`room ${1 + (key % 5)}`, `${key}`)));
  const sent = queries.mock.calls.map(([query]) => query as string | { name?: string });
  expect(sent.filter((query) => query === 'commit')).toHaveLength(1);
  const names = sent.map((query) => (typeof query === 'string' ? query : query.name));
  for (const name of ['logs together', 'receipts together', 'append together'])
    expect(names.filter((one) => one === name)).toHaveLength(1);
  for (const room of numbers(5)) expect(await seqs(`room ${room}`)).toEqual(numbers(10));
});

test('posts that wait together wait once for all rows, which are locked in the order session, user, log', async () => {
  const query = pg.Client.prototype.query as unknown as (...given: unknown[]) => Promise<unknown>;
  const sent: string[] = [];
  let answered = 0;
  let answeredWhenAllWereSent = 0;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given) {
    const name = (given[0] as { name?: string }).name;
    const result = query.apply(this, given);
    if (name === 'receipts together') answeredWhenAllWereSent = answered;
    if (name?.endsWith('s together')) {
      sent.push(name);
      void result.then(() => (answered += 1));
    }
    return result as never;
  });
  await Promise.all(numbers(10).map((key) => postOnce('room', `${key}`)));
  expect(sent).toEqual(['sessions together', 'users together', 'logs together', 'receipts together']);
  expect(answeredWhenAllWereSent).toBe(0);
  expect(await seqs('room')).toEqual(numbers(10));
});

test('what would be locked out of turn goes alone: posts do not wait with their log locked for a room that somebody holds', async () => {
  const other = new pg.Client(place.address);
  await other.connect();
  opened.push(other);
  await other.query(`begin; select from rooms where id = 'room' for update`);
  const queries = jest.spyOn(pg.Client.prototype, 'query');
  const leaving = storage.transact(async ({ users, rooms }) => {
    await users.get('author');
    return rooms.get('room');
  });
  await Promise.all(numbers(5).map((key) => postOnce('room', `${key}`)));
  const names = queries.mock.calls.map(([query]) => (query as { name?: string }).name);
  expect(names).toContain('logs together');
  expect(names).not.toContain('rooms together');
  expect(await seqs('room')).toEqual(numbers(5));
  await other.query('rollback');
  expect(await leaving).not.toBeNull();
});

test('posts that find their room locked are tried together once more before each is done alone', async () => {
  const other = new pg.Client(place.address);
  await other.connect();
  opened.push(other);
  await other.query(`begin; select from logs where room_id = 'room' for update`);
  const queries = jest.spyOn(pg.Client.prototype, 'query');
  const asked = (name: string) =>
    queries.mock.calls.filter(([query]) => (query as { name?: string }).name === name).length;
  let isOver = false;
  const posts = Promise.allSettled(numbers(10).map((key) => postOnce('room', `${key}`))).finally(() => {
    isOver = true;
  });
  while (asked('logs together') < 2 && !isOver) await pause(5);
  await other.query('rollback');
  expect(new Set((await posts).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  expect(queries.mock.calls.filter(([query]) => (query as unknown) === 'commit')).toHaveLength(1);
  expect(asked('append together')).toBe(1);
  expect(await seqs('room')).toEqual(numbers(10));
});

test('one that is refused takes nothing of the others with it, and leaves no hole', async () => {
  const work = numbers(20).map((key) => (key % 3 === 0 ? refused() : post(storage, 'room', `${key}`)));
  const outcomes = await Promise.allSettled(work);
  const failures = outcomes.filter(({ status }) => status === 'rejected');
  expect(failures).toHaveLength(6);
  for (const { reason } of failures as PromiseRejectedResult[]) expect(reason).toBeInstanceOf(DomainError);
  expect(await seqs('room')).toEqual(numbers(14));
});

test('one that PostgreSQL itself refuses takes nothing of the others with it', async () => {
  const work = numbers(10).map((key) => post(storage, 'room', key === 4 ? 'not \u0000 in a text' : `${key}`));
  const outcomes = await Promise.allSettled(work);
  expect(outcomes.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  expect(outcomes[3]!.status).toBe('rejected');
  expect(await seqs('room')).toEqual(numbers(9));
});

test('the same post several times among those that wait together is stored once', async () => {
  const given = await Promise.all(numbers(30).map((n) => postOnce('room', `key ${n % 3}`)));
  expect(new Set(given).size).toBe(3);
  expect(await seqs('room')).toEqual([1, 2, 3]);
  const other = postOnce('room', 'key 1', 'another text');
  await expect(Promise.all([other, postOnce('room', 'new')])).rejects.toMatchObject({
    code: 'client-message-id-reused',
  });
  expect(await seqs('room')).toEqual([1, 2, 3, 4]);
});

test('after a commit whose confirmation is lost, nobody whose work was in it is told that it is done', async () => {
  const { server, breakAt } = await breakingNetwork(place.address);
  const shaky = await open(through(server, place.address));
  breakAt('commit\0');
  const outcomes = await Promise.allSettled(numbers(10).map((key) => post(shaky, 'room', `${key}`)));
  for (const outcome of outcomes) {
    expect(outcome.status).toBe('rejected');
    expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(StorageUnavailable);
  }
  const entries = await allEntries(storage, 'room');
  expect(new Set(entries.map(({ text }) => text)).size).toBe(entries.length);
  expect(entries).toHaveLength(10);
  await shaky.close();
  server.close();
});

test('posts whose connection is lost before their commit was sent are done again, each once', async () => {
  const { server, breakAt } = await breakingNetwork(place.address);
  const shaky = await open(through(server, place.address));
  breakAt('from logs where');
  await Promise.all(numbers(10).map((key) => post(shaky, 'room', `${key}`)));
  expect(await seqs('room')).toEqual(numbers(10));
  await shaky.close();
  server.close();
});

test('a handle of work that was done together dies with it, those of its first run included', async () => {
  const kept: Repositories[] = [];
  const work = numbers(3).map((key) =>
    storage.transact(async (to) => {
      kept.push(to);
      await to.logs.get('room');
      return key;
    }),
  );
  expect(await Promise.all(work)).toEqual([1, 2, 3]);
  expect(kept.length).toBeGreaterThan(3);
  for (const to of kept) await expect(to.logs.get('room')).rejects.toThrow('the unit of work is over');
});

test('work that waits for other work is not waited for by it', async () => {
  let posted = (): void => undefined;
  const other = new Promise<void>((resolve) => (posted = resolve));
  const waiting = storage.transact(async ({ users }) => {
    await users.get('nobody');
    await other;
  });
  await Promise.all([waiting, post(storage, 'room', 'one').then(posted), post(storage, 'room', 'two')]);
  expect(await seqs('room')).toEqual([1, 2]);
});

test('whatever is asked at once, logs are whole, each number is its author’s, and nothing is stored of what was refused', async () => {
  const step = fc.record({
    does: fc.constantFrom('post', 'post', 'refused', 'a user'),
    room: fc.nat(2),
    key: fc.nat(8),
    waits: fc.boolean(),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      run += 1;
      const rooms = [0, 1, 2].map((room) => `room ${run}-${room}`);
      for (const room of rooms) await addRoom(storage, room);
      const given: { room: number; key: string; seq: number }[] = [];
      const underWay: Promise<unknown>[] = [];
      for (const [at, { does, room, key, waits }] of steps.entries()) {
        const name = `user ${run}-${at}`;
        const work =
          does === 'post'
            ? postOnce(rooms[room]!, `${key}`).then((seq) => given.push({ room, key: `${key}`, seq }))
            : does === 'refused'
              ? expect(refused()).rejects.toBeInstanceOf(DomainError)
              : addGuest(storage, name);
        underWay.push(work);
        if (waits) await work;
      }
      await Promise.all(underWay);
      for (const [at, room] of rooms.entries()) {
        const entries = await allEntries(storage, room);
        expect(entries.map(({ seq }) => seq)).toEqual(numbers(entries.length));
        const mine = given.filter((one) => one.room === at);
        for (const { key, seq } of mine) expect(entries[seq - 1]!.text).toBe(key);
        expect(entries).toHaveLength(new Set(mine.map(({ key }) => key)).size);
      }
    }),
    { numRuns: 25 },
  );
  expect(await seqs('room')).toEqual([]);
});
