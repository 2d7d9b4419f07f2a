import { afterAll, expect, test } from '@jest/globals';
import { newPlace, query, stopOwnServer } from '../../support/postgres-places.js';
import { addGuest, addRoom, open } from './scene.js';

afterAll(stopOwnServer);

const POSTS = 40;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test('whatever a post touches, and a poll looks at, is found by a key, though plans were made while the tables were empty, and trimmed as it is', async () => {
  const place = await newPlace();
  /** How often each table was read from one end to the other; all of it is counted once connections have ended. */
  const scans = async () => {
    const rows = await query(
      place.address,
      `select relname, seq_scan from pg_stat_user_tables
       where schemaname = current_schema() and relname in ('sessions', 'users', 'rooms', 'logs', 'entries', 'receipts')`,
    );
    return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)]));
  };
  await (await open(place.address)).close();
  const before = await scans();
  const storage = await open(place.address);
  const rooms = numbers(5).map((room) => `room ${room}`);
  for (const room of rooms) await addRoom(storage, room);
  await addGuest(storage, 'alice');
  const post = (room: string, key: string) =>
    storage.transact(async ({ sessions, users, logs }) => {
      const [log] = await Promise.all([
        logs.get(room),
        sessions.get('session-of-alice'),
        users.get('alice'),
        logs.receipt(room, 'alice', key),
      ]);
      const message = { authorId: 'alice', author: 'Alice', guest: true, text: key, clientMessageId: key };
      log!.append({ ...message, digest: key }, 1000 + log!.head.last, 10);
      await logs.save(log!);
    });
  await Promise.all(rooms.flatMap((room) => numbers(POSTS).map((n) => post(room, `${n}`))));
  for (const n of numbers(POSTS)) await post(rooms[0]!, `alone ${n}`);
  await storage.read(async (from) => {
    await from.standings(['session-of-alice', 'none']);
    await from.outlooks(
      rooms.map((roomId) => ({ roomId, epoch: '', after: 3 })),
      9,
    );
    await Promise.all([from.entries(rooms[0]!, 3, 9), from.userNamed('alice'), from.rooms()]);
  });
  await storage.changes!();
  await storage.close();
  const after = await scans();
  await place.dispose();
  expect(Object.keys(before).sort()).toEqual(['entries', 'logs', 'receipts', 'rooms', 'sessions', 'users']);
  expect(after).toEqual(before);
});
