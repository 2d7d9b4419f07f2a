import { expect, test } from '@jest/globals';
import { readyAnswer } from '../../src/adapters/http/ready-answer.js';
import { SharedAnswers } from '../../src/adapters/http/shared-answers.js';

const listOf = (version: string) => ({ version, users: [] });

/** Finds answers, and tells which of them were written for that. */
const scene = () => {
  const answers = new SharedAnswers();
  let written = 0;
  const find = (name: string, list: ReturnType<typeof listOf> | null = null) =>
    answers.find(name, list, () => readyAnswer(`${name} ${list?.version} ${(written += 1)}`)).body;
  return { find };
};

test('who stands at the same place is given the same answer, and who stands elsewhere another', () => {
  const { find } = scene();
  expect([find('1'), find('2'), find('1'), find('2')]).toEqual([
    '1 undefined 1',
    '2 undefined 2',
    '1 undefined 1',
    '2 undefined 2',
  ]);
});

test('an answer with the list of who is online is another than without, and goes once there is another list', () => {
  const { find } = scene();
  const [first, second] = [listOf('first'), listOf('second')];
  expect([find('1'), find('1', first), find('1', first)]).toEqual([
    '1 undefined 1',
    '1 first 2',
    '1 first 2',
  ]);
  expect([find('1', second), find('1', first), find('1')]).toEqual([
    '1 second 3',
    '1 first 4',
    '1 undefined 1',
  ]);
});

test('of more places than readers stand at, no more than fifty are kept', () => {
  const { find } = scene();
  const places = Array.from({ length: 51 }, (_, at) => String(at));
  const before = places.map((place) => find(place));
  expect(places.map((place) => find(place)).filter((answer) => !before.includes(answer))).toHaveLength(1);
});
