import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readUsername } from '../../src/domain/username.js';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const letters = (min: number, max: number) =>
  fc.array(fc.constantFrom(...LETTERS), { minLength: min, maxLength: max }).map((chosen) => chosen.join(''));

test('A16: four to twenty letters and digits are a username, shown as typed', () => {
  fc.assert(fc.property(letters(4, 20), (typed) => expect(readUsername(typed).shown).toBe(typed)));
});
