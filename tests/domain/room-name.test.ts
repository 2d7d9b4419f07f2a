import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoomName } from '../../src/domain/room-name.js';
import { anyText, INVISIBLE } from './characters.js';
import { refused, whatIsTold } from './refused.js';

const keyOf = (name: string) => readRoomName(name).key;
const codePoints = (text: string) => [...text].length;
const named = anyText.filter((typed) => refused(() => readRoomName(typed)) === null);

test('C03: a name is shown trimmed and normalised, and is then a name that changes no more', () => {
  fc.assert(
    fc.property(named, (typed) => {
      const { shown } = readRoomName(typed);
      expect(shown).toBe(shown.trim());
      expect(readRoomName(shown).shown).toBe(shown);
      expect(codePoints(shown)).toBeGreaterThanOrEqual(1);
      expect(codePoints(shown)).toBeLessThanOrEqual(40);
    }),
  );
});

test('C03: the compared form of a name is that of its upper case, its lower case, and of itself', () => {
  fc.assert(
    fc.property(named, (typed) => {
      const { key, shown } = readRoomName(typed);
      for (const variant of [
        ` ${shown}\n`,
        shown.normalize('NFD'),
        shown.toLowerCase(),
        shown.toUpperCase(),
        key,
      ]) {
        if (refused(() => readRoomName(variant)) === null) expect(keyOf(variant)).toBe(key);
      }
    }),
  );
});

test.each([
  ['Tea', 'TEA'],
  ['Café', 'cafe\u0301'],
  ['Straße', 'STRASSE'],
  ['Straße', 'STRAẞE'],
  ['ΟΔΟΣ', 'οδος'],
  ['οδος', 'οδοσ'],
  ['Ｔｅａ', 'tea'],
  ['ﬁsh', 'FISH'],
  ['１２', '12'],
  ['①', '1'],
  ['tea\u00a0room', 'Tea room'],
  ['❤️', '❤'],
  ['ǅ', 'ǆ'],
])('C03: “%s” and “%s” are one name', (one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each([
  ['Tea', 'Teas'],
  ['resume', 'résumé'],
  ['茶', '荼'],
  ['o', 'ο'],
  ['👩', '👩🏽'],
])('C03: “%s” and “%s” are two names', (one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});

test.each(['茶室', 'चाय', 'شاي', 'чай', '카페', 'Tea & Biscuits!', "O'Neill", '“Tea”', '7'])(
  'C03: a name may be in any script: %s',
  (name) => {
    expect(readRoomName(name).shown).toBe(name);
  },
);

test.each(['😀', '❤️', '👩🏽‍🚀', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇫🇷', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])(
  'C03: an emoji is seen as a whole: %s',
  (emoji) => {
    expect(readRoomName(`Tea ${emoji}`).shown).toBe(`Tea ${emoji}`);
  },
);

test.each([
  ['ℹ️', 'i'],
  ['™️', 'TM'],
  ['Ⓜ️', 'M'],
  ['‼️', '!!'],
  ['㊗️', '祝'],
  ['🈂️', 'サ'],
])('C03: an emoji that normalises to letters, %s, leaves nothing invisible behind', (emoji, letters) => {
  expect(readRoomName(`Tea ${emoji}`).shown).toBe(`Tea ${letters}`);
});

test.each(Object.keys(INVISIBLE))('C03: a name has no %s', (what) => {
  expect(refused(() => readRoomName(`tea${INVISIBLE[what]}room`))).toBe('invalid-room-name');
});

test('C03: no name has anything that the eye cannot see, beside what holds emoji together', () => {
  fc.assert(
    fc.property(named, (typed) => {
      const seen = readRoomName(typed).shown.replace(/\p{RGI_Emoji}/gv, '');
      expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufe00-\ufe0f]/u);
    }),
  );
});

test('C03: a name has 1 to 40 code points, counted once it is trimmed and normalised', () => {
  expect(readRoomName(` ${'😀'.repeat(40)} `).shown).toHaveLength(80);
  expect(readRoomName('e\u0301'.repeat(40)).shown).toHaveLength(40);
  for (const name of ['x'.repeat(41), '😀'.repeat(41), 'ﬃ'.repeat(14), '', '   ', '\u3000']) {
    expect(refused(() => readRoomName(name))).toBe('invalid-room-name');
  }
});

test.each([undefined, null, 7, ['tea'], {}])('what is no text is no name: %j', (typed) => {
  expect(whatIsTold(() => readRoomName(typed))).toMatchObject({
    kind: 'invalid',
    code: 'invalid-room-name',
    details: { field: 'name' },
  });
});
