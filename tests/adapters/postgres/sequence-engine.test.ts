import { afterAll, expect, test } from '@jest/globals';
import type { Readers } from '../../../src/application/ports.js';
import { newPlace, stopOwnServer } from '../../support/postgres-places.js';
import { contractFor, runCase } from '../../contract/contract.js';
import { addRoom, post } from './scene.js';
import { sequenceEngine } from './sequence-engine.js';

afterAll(stopOwnServer);

test('numbers from a sequence appear out of order: whoever read the later one never gets the earlier', async () => {
  const place = await newPlace();
  const storage = await sequenceEngine.open(place.address);
  await addRoom(storage, 'room');
  const read = async (after: number) =>
    (await storage.read((from: Readers) => from.entries('room', after + 1, 100))).map(({ seq }) => seq);
  let goOn = () => {};
  let hasNumber = () => {};
  const waiting = new Promise<void>((resolve) => (goOn = resolve));
  const numbered = new Promise<void>((resolve) => (hasNumber = resolve));
  const slow = post(storage, 'room', 'slow', async () => {
    hasNumber();
    await waiting;
  });
  await numbered;
  expect((await post(storage, 'room', 'quick')).seq).toBe(2);
  expect(await read(0)).toEqual([2]);
  goOn();
  expect((await slow).seq).toBe(1);
  expect(await read(2)).toEqual([]);
  expect(await read(0)).toEqual([1, 2]);
  await storage.close();
  await place.dispose();
});

test.each([
  'a post that is taken back leaves no hole in the numbers',
  'posts of several processes at once are numbered without a hole, and no reader ever misses one',
  'one key posted through several processes at once is stored once',
])('the contract finds it out: “%s” does not hold', async (name) => {
  const rule = contractFor(sequenceEngine).find((one) => one.name === name)!;
  const end = async () => undefined;
  await expect(runCase(sequenceEngine, { freshPlace: newPlace, end }, rule)).rejects.toThrow();
});
