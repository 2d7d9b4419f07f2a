import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareByCodePoint, countCodePoints } from '../../src/domain/code-points.js';
import { isOpaqueId, readClientMessageId, readRoomId } from '../../src/domain/opaque-id.js';
import { readPassword } from '../../src/domain/password.js';
import { readCapacity } from '../../src/domain/capacity.js';
import { anyText } from './characters.js';
import { refused, whatIsTold } from './refused.js';

const points = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);

test('code points are counted as iteration gives them', () => {
  fc.assert(fc.property(anyText, (text) => expect(countCodePoints(text)).toBe(points(text).length)));
});

test('texts are ordered as their code points are', () => {
  const order = (a: number[], b: number[]): number => {
    const at = a.findIndex((point, index) => point !== b[index]);
    return at === -1 ? a.length - b.length : b[at] === undefined ? 1 : a[at]! - b[at];
  };
  const pair = fc.oneof(
    fc.tuple(anyText, anyText),
    fc.tuple(anyText, anyText, anyText).map(([common, a, b]) => [common + a, common + b] as const),
  );
  fc.assert(
    fc.property(pair, ([a, b]) =>
      expect(Math.sign(compareByCodePoint(a, b))).toBe(Math.sign(order(points(a), points(b)))),
    ),
  );
});

test('by code point an emoji stands behind every character of the basic plane', () => {
  expect(compareByCodePoint('😀', '｡')).toBeGreaterThan(0);
  expect('😀' < '｡').toBe(true);
});

test('an id is 1 to 64 of A–Z a–z 0–9 _ -', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  fc.assert(
    fc.property(id, (text) => {
      expect(readRoomId(text)).toBe(text);
      expect(readClientMessageId(text)).toBe(text);
    }),
  );
});

test('anything else is no id', () => {
  const other = fc.oneof(
    anyText.filter((text) => !/^[A-Za-z0-9_-]{1,64}$/.test(text)),
    fc.constantFrom('', 'a'.repeat(65), 'a\n', ' a', '../a', 'ä', null, undefined, 7, ['a']),
  );
  fc.assert(
    fc.property(other, (value) => {
      expect(isOpaqueId(value)).toBe(false);
      expect(refused(() => readRoomId(value))).toBe('invalid-room-id');
      expect(refused(() => readClientMessageId(value))).toBe('invalid-client-message-id');
    }),
  );
});

test('a password has 8 to 256 code points, and is taken as it is', () => {
  const password = fc.string({ unit: 'binary', minLength: 8, maxLength: 256 });
  fc.assert(
    fc.property(password, (typed) => {
      const { length } = [...typed];
      expect(refused(() => readPassword(typed))).toBe(length < 8 || length > 256 ? 'invalid-password' : null);
      if (length >= 8 && length <= 256) expect(readPassword(typed)).toBe(typed);
    }),
  );
  expect(readPassword('  spaces ')).toBe('  spaces ');
  expect(readPassword('😀'.repeat(256))).toHaveLength(512);
});

test.each(['', '1234567', '😀'.repeat(7), 'x'.repeat(257), undefined, null, 12345678])(
  'anything else is no password: %j',
  (typed) => {
    expect(whatIsTold(() => readPassword(typed))).toMatchObject({
      kind: 'invalid',
      code: 'invalid-password',
      details: { field: 'password' },
    });
  },
);

test('C09: a capacity is a whole number from 2 to 1,000', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 1000 }), (n) => expect(readCapacity(n)).toBe(n)));
  for (const value of [1, 0, -2, 1001, 2.5, NaN, Infinity, '7', null, undefined, [7]]) {
    expect(refused(() => readCapacity(value))).toBe('invalid-capacity');
  }
});
