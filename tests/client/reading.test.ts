import { expect, test } from '@jest/globals';
import { standing } from '../../client/src/core/grouping.js';
import { arrive, beginReading, catchUp } from '../../client/src/core/reading.js';
import { entry } from './fakes.js';

const own = (seq: number) => entry(seq, { clientMessageId: `id${seq}` });
const at = (minutes: number) => ({ at: new Date(2026, 0, 5, 12, minutes).toISOString() });

test('The divider stands before the first message of another that came while nobody looked', () => {
  const away = arrive(beginReading(4), [own(5), entry(6), entry(7)], false);
  expect(away).toEqual({ readTo: 4, divider: 6, unread: 2 });
  expect(arrive(away, [entry(8)], false)).toEqual({ readTo: 4, divider: 6, unread: 3 });
});

test('One who comes back finds the divider where they left off, and the next absence moves it', () => {
  const back = catchUp(arrive(beginReading(4), [entry(5)], false), 5);
  expect(back).toEqual({ readTo: 5, divider: 5, unread: 0 });
  const reading = arrive(back, [entry(6)], true);
  expect(reading).toEqual({ readTo: 6, divider: 5, unread: 0 });
  expect(arrive(reading, [entry(7)], false)).toEqual({ readTo: 6, divider: 7, unread: 1 });
  expect(arrive(back, [entry(6)], false)).toEqual({ readTo: 5, divider: 6, unread: 1 });
});

test('Whoever looks has read all that comes, and an answer without news changes nothing', () => {
  const reading = beginReading(4);
  expect(arrive(reading, [entry(5), own(6), entry(7)], true).readTo).toBe(7);
  expect(arrive(reading, [], true)).toBe(reading);
  expect(arrive(reading, [], false)).toBe(reading);
});

test('What was read before is not new, though it comes again', () => {
  expect(arrive(beginReading(4), [entry(3), entry(4)], false)).toEqual(beginReading(4));
  expect(arrive(beginReading(4), [entry(4), entry(5)], false)).toEqual({ readTo: 4, divider: 5, unread: 1 });
});

test('What one says oneself is never new to one', () => {
  expect(arrive(beginReading(4), [own(5)], false)).toEqual(beginReading(4));
});

test('An idle look changes nothing, so that nothing is written', () => {
  const reading = beginReading(4);
  expect(catchUp(reading, 4)).toBe(reading);
});

test('An author who goes on within five minutes is grouped; another author, a longer pause or a new day is not', () => {
  const first = entry(1, at(0));
  expect(standing(first, entry(2, at(5)))).toEqual({ follows: true, newDay: false });
  expect(standing(first, entry(2, at(6))).follows).toBe(false);
  expect(standing(first, entry(2, { ...at(1), author: 'bobby' })).follows).toBe(false);
  expect(standing(first, entry(2, { ...at(1), guest: true })).follows).toBe(false);
  const night = { at: new Date(2026, 0, 5, 23, 59).toISOString() };
  const morning = { at: new Date(2026, 0, 6, 0, 1).toISOString() };
  expect(standing(entry(1, night), entry(2, morning))).toEqual({ follows: false, newDay: true });
});

test('A clock that was set back neither ungroups nor reorders', () => {
  expect(standing(entry(1, at(3)), entry(2, at(1)))).toEqual({ follows: true, newDay: false });
});

test('The first message of all opens a day', () => {
  expect(standing(null, entry(1))).toEqual({ follows: false, newDay: true });
});
