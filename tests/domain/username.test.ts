import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readUsername } from '../../src/domain/username.js';
import { anyText } from './characters.js';
import { refused, whatIsTold } from './refused.js';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const letters = (min: number, max: number) =>
  fc.array(fc.constantFrom(...LETTERS), { minLength: min, maxLength: max }).map((chosen) => chosen.join(''));

test('A16: four to twenty letters and digits are a username, shown as typed', () => {
  fc.assert(
    fc.property(letters(4, 20), (typed) => expect(readUsername(typed).shown).toBe(typed)),
    { examples: [['abcd'], ['a'.repeat(20)]] },
  );
});

test('A16: fewer than four letters are no username, and neither are more than twenty', () => {
  const outside = fc.oneof(letters(0, 3), letters(21, 60));
  fc.assert(
    fc.property(outside, (typed) => expect(refused(() => readUsername(typed))).toBe('invalid-username')),
  );
});

test('A16: one other sign anywhere makes it no username, however alike it looks', () => {
  const other = fc.oneof(
    fc.constantFrom(
      ' ',
      '_',
      '-',
      '.',
      '@',
      '\n',
      '\u0000',
      '\u00e9',
      'ß',
      '\u0430',
      '\uff21',
      '\u0663',
      '\u212a',
      '\u200b',
      '😀',
    ),
    anyText.filter((text) => /[^a-zA-Z0-9]/.test(text)),
  );
  fc.assert(
    fc.property(letters(4, 10), other, fc.nat(10), (name, sign, at) => {
      const typed = name.slice(0, at) + sign + name.slice(at);
      expect(refused(() => readUsername(typed))).toBe('invalid-username');
    }),
  );
});

test('A16: two usernames are the same without regard to case, and otherwise not', () => {
  fc.assert(
    fc.property(letters(4, 20), letters(4, 20), (one, other) => {
      expect(readUsername(one.toUpperCase()).key).toBe(readUsername(one.toLowerCase()).key);
      const same = one.toLowerCase() === other.toLowerCase();
      expect(readUsername(one).key === readUsername(other).key).toBe(same);
    }),
  );
});

test.each([undefined, null, 1234, true, ['alice'], { username: 'alice' }])(
  'what is no text is no username: %j',
  (typed) => {
    expect(refused(() => readUsername(typed))).toBe('invalid-username');
  },
);

test.each([
  ['', /Enter a username/],
  ['abc', /at least 4/],
  ['a'.repeat(21), /at most 20/],
  ['al ice', /letters/],
])('A15, A16: the refusal of “%s” says which rule it breaks, and of which input', (typed, why) => {
  const error = whatIsTold(() => readUsername(typed));
  expect(error.message).toMatch(why);
  expect(error).toMatchObject({ kind: 'invalid', details: { field: 'username' } });
});
