import { expect, test } from '@jest/globals';
import type { Outlook } from '../../src/application/ports.js';
import type { Updates } from '../../src/application/read-updates.js';
import { refusalOf } from '../support/refusal.js';
import { makeHouse } from './fixture.js';

const seqs = ({ entries }: Updates) => entries.map(({ seq }) => seq);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A room with Alice in it and so many messages. */
const roomWith = async (count: number, rules: { roomHistory?: number } = {}) => {
  const house = makeHouse(rules);
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Room');
  await house.enter(alice, id);
  const post = async (more: number) => {
    for (let n = 0; n < more; n++) await house.post(alice, id, 'text');
  };
  await post(count);
  const outlook = async () => (await house.live.outlook(id))!;
  return { house, alice, id, post, outlook };
};

test('B13: an update has what is newer than the cursor, and nothing else', async () => {
  const { house, alice, id } = await roomWith(5);
  const updates = await house.poll(alice, id, { after: 3 });
  expect(seqs(updates)).toEqual([4, 5]);
  expect(updates).toMatchObject({ reset: false, missed: 0, more: false });
});

test('B13: whoever has everything gets nothing, without storage being asked', async () => {
  const { house, alice, id } = await roomWith(5);
  await house.poll(alice, id, { after: 5 });
  const asker = await house.as(alice);
  const updates = house.use.pollRoom.execute(asker, id, { after: 5, hidden: false });
  expect(updates).not.toBeInstanceOf(Promise);
  expect((updates as Updates).entries).toEqual([]);
});

test('B13: whoever is no more than an answer behind gets it without storage being asked, and an empty room costs none either', async () => {
  const { house, alice, id, post, outlook } = await roomWith(0, { roomHistory: 300 });
  await house.poll(alice, id);
  const read = (after: number, of: Outlook) => house.readUpdates.execute(of, { after }, null);
  expect(read(0, await outlook())).toMatchObject({ entries: [], more: false });
  await post(250);
  const updates = read(50, await outlook());
  expect(updates).toMatchObject({ reset: false, missed: 0, more: false });
  expect(seqs(updates as Updates)).toEqual(numbers(51, 250));
});

test('an answer has 200 entries at most and says that there are more, until there are none', async () => {
  const { house, alice, id } = await roomWith(450, { roomHistory: 1000 });
  const got: number[] = [];
  const more: boolean[] = [];
  let updates: Updates;
  do {
    updates = await house.poll(alice, id, { after: got.at(-1) ?? 0 });
    got.push(...seqs(updates));
    more.push(updates.more);
  } while (updates.more);
  expect(got).toEqual(numbers(1, 450));
  expect(more).toEqual([true, true, false]);
});

test('B14: whoever is behind the kept history is told how many entries are gone', async () => {
  const { house, alice, id } = await roomWith(15, { roomHistory: 10 });
  const updates = await house.poll(alice, id, { after: 2 });
  expect(updates).toMatchObject({ missed: 3, reset: false });
  expect(seqs(updates)).toEqual(numbers(6, 15));
});

test.each([
  ['of another life of the log', { after: 3, epoch: 'another' }],
  ['beyond the end', { after: 6 }],
])('B14: a cursor %s is answered by all that is kept, in place of what was there', async (_, cursor) => {
  const { house, alice, id } = await roomWith(5);
  const updates = await house.poll(alice, id, cursor);
  expect(updates.reset).toBe(true);
  expect(seqs(updates)).toEqual(numbers(1, 5));
});

test('B14: history that is trimmed while it is read makes no silent hole', async () => {
  const { house, outlook, post } = await roomWith(300, { roomHistory: 300 });
  const before = await outlook();
  await post(20);
  const updates = await house.readUpdates.execute(before, { after: 0 }, null);
  expect(updates.missed).toBe(20);
  expect(seqs(updates)).toEqual(numbers(21, 220));
  expect(updates).toMatchObject({ more: true, outlook: { head: { first: 21, last: 320 } } });
});

test('whoever asks for all that is kept misses nothing, even where it is trimmed while it is read', async () => {
  const { house, outlook, post } = await roomWith(300, { roomHistory: 300 });
  const before = await outlook();
  await post(20);
  const updates = await house.readUpdates.execute(before, null, null);
  expect(updates).toMatchObject({ missed: 0, reset: false, more: true });
  expect(seqs(updates)).toEqual(numbers(21, 220));
});

test('B18: a room that is deleted while its history is read is answered as deleted', async () => {
  const { house, alice, id, outlook } = await roomWith(300, { roomHistory: 300 });
  const before = await outlook();
  await house.deleteRoom(alice, id);
  expect(await refusalOf(() => house.readUpdates.execute(before, { after: 0 }, null))).toBe('room-deleted');
});
