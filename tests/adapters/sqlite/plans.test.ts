import { expect, test } from '@jest/globals';
import type { Connection } from '../../../src/adapters/storage/sqlite/database.js';
import { EPOCH, NOW, account, openRoom, say, session, times } from '../../contract/scene.js';
import { connectionsOf, freshPath, fromOutside, open } from './scene.js';

/** Each statement that a connection has run by now, with how SQLite goes about it. */
const plansOf = (path: string, connection: Connection): Map<string, string[]> => {
  const { statements } = connection as unknown as { statements: Map<string, unknown> };
  return fromOutside(path, (database) => {
    const plan = (sql: string) =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(
        ({ detail }) => detail,
      );
    return new Map([...statements.keys()].map((sql) => [sql, plan(sql)]));
  });
};

/** Of these steps of a plan, those that grow with what is stored: the whole of a table, or all that there is of one room. */
const growing = (steps: readonly string[]): string[] =>
  steps.filter((step) => step.startsWith('SCAN') || /SEARCH (entries|receipts) .*\(roomId=\?\)$/.test(step));

test('a post, a poll and an entrance cost the same however much is stored: SQLite finds by keys all that they look at', async () => {
  const path = freshPath();
  const storage = await open(path);
  await openRoom(storage, 'tea');
  /* So long a log that receipts are swept from it, too. */
  const head = { roomId: 'tea', epoch: EPOCH, first: 20_000, last: 20_000, closed: false };
  await storage.archive.write((to) => to.put('log', [head]));
  for (const text of times(5, String)) await say(storage, 'tea', text, { history: 2, at: NOW });
  await storage.transact(async ({ users, sessions, rooms, logs }) => {
    await users.save(account('Alice'));
    await sessions.save(session('one', 'id-of-Alice'));
    await Promise.all([users.named('alice'), users.get('x'), users.inRoom('tea'), rooms.get('tea')]);
    await Promise.all([rooms.named('tea'), sessions.get('one'), sessions.liveOf('id-of-Alice')]);
    await Promise.all([logs.receipt('tea', 'x', 'y'), users.remove(account('Bobby')), sessions.forget(NOW)]);
  });
  await storage.read(async (from) => {
    await Promise.all([from.standings(['one']), from.entries('tea', 1, 9), from.userNamed('alice')]);
    await from.outlooks([{ roomId: 'tea', epoch: EPOCH, after: 3 }], 9);
  });
  const [writer, reader] = connectionsOf(storage).map((connection) => plansOf(path, connection));
  const all = new Map([...writer!, ...reader!]);
  expect([...all].flatMap(([sql, steps]) => growing(steps).map((step) => [sql, step]))).toEqual([]);
  expect([...all.keys()].filter((sql) => /^DELETE FROM (entries|receipts)/.test(sql))).toHaveLength(2);
});
