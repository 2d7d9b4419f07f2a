import { expect, test } from '@jest/globals';
import { StorageUnavailable } from '../../../src/adapters/storage/engine.js';
import { Turns } from '../../../src/adapters/storage/postgres/turns.js';

test('so many at once are let in, and the others in the order in which they came', async () => {
  const turns = new Turns(2, 60_000);
  const came: number[] = [];
  const all = [1, 2, 3, 4].map((number) => turns.take().then(() => came.push(number)));
  await Promise.all(all.slice(0, 2));
  expect(came).toEqual([1, 2]);
  turns.pass();
  await all[2];
  expect(came).toEqual([1, 2, 3]);
  turns.pass();
  await all[3];
  expect(came).toEqual([1, 2, 3, 4]);
});

test('whoever waits too long is told so, and takes nobody’s turn', async () => {
  const turns = new Turns(1, 20);
  await turns.take();
  await expect(turns.take()).rejects.toBeInstanceOf(StorageUnavailable);
  turns.pass();
  await turns.take();
});
