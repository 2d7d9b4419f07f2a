import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWait } from '../../src/adapters/http/prefer.js';

test.each<[string, number | null, string]>([
  ['wait=20', 20, 'as section 4.3 has it'],
  ['WAIT=20', 20, 'names are in any case'],
  ['wait = 20', 20, 'white space around the sign is tolerated'],
  ['wait="20"', 20, 'a value may be quoted'],
  [String.raw`wait="2\0"`, 20, 'a quoted value may have escapes'],
  ['respond-async, wait=10', 10, 'there may be several'],
  ['wait=10,respond-async', 10, 'in any order'],
  ['return=minimal; foo="a,b; wait=3", wait=4', 4, 'a comma within quotes parts nothing'],
  ['foo; wait=3', null, 'a parameter is no preference'],
  ['wait=3; foo=bar; ;baz', 3, 'parameters that mean nothing here are passed over'],
  ['wait=3, wait=9', 3, 'of two the first counts'],
  ['wait=soon, wait=9', null, 'of two the first counts, also where it cannot be read'],
  ['wait=3 seconds, wait=9', 9, 'one that is malformed is not there'],
  ['wait=3; =x, wait=9', 9, 'one whose parameter is malformed is not there'],
  ['"wait=3", wait=9', 9, 'a quoted preference is none'],
  ['foo="wait=3, wait=9', null, 'a quoted string that does not end takes the rest'],
  [String.raw`foo="\", wait=9`, null, 'an escaped quote ends nothing'],
  [', ,wait=5,', 5, 'empty members of a list are passed over'],
  ['wait=0', 0, 'no wait at all is a wait'],
  ['wait', null, 'no value is none'],
  ['wait=', null, 'an empty value is none'],
  ['wait=""', null, 'a quoted empty value is none'],
  ['wait=-1', null, 'not below nothing'],
  ['wait=1.5', null, 'whole seconds only'],
  ['wait=1e3', null, 'digits only'],
  ['await=5', null, 'another name'],
  ['', null, 'nothing'],
])('Prefer: %s asks for %s seconds: %s', (prefer, seconds) => {
  expect(readWait(prefer)).toBe(seconds);
});

const TOKEN = fc.stringMatching(/^[a-z-]{1,8}$/).filter((name) => name !== 'wait');
const QUOTED = fc
  .string({ maxLength: 8, unit: fc.constantFrom(...' ,;="\\wait09'.split('')) })
  .map((text) => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`);
const WORD = fc.oneof(TOKEN, QUOTED);
const PART = fc.oneof(
  TOKEN,
  fc.tuple(TOKEN, WORD).map(([name, value]) => `${name}=${value}`),
);
const PREFERENCE = fc.array(PART, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('; '));

test('whatever else is preferred, before or after, the wait is found', () => {
  fc.assert(
    fc.property(fc.array(PREFERENCE), fc.nat(), fc.array(PREFERENCE), (before, seconds, after) => {
      expect(readWait([...before, `wait=${seconds}`, ...after].join(', '))).toBe(seconds);
      expect(readWait([...before, ...after].join(', '))).toBeNull();
    }),
  );
});

test('no header, however long and odd, is costly or fatal to read', () => {
  const oddities = fc.constantFrom(...'wait=1', '"', '\\', ';', ',', '=', ' ', '\t', 'x');
  fc.assert(
    fc.property(fc.array(oddities, { maxLength: 6 }), fc.nat(3000), (odd, times) => {
      const seconds = readWait(odd.join('').repeat(times).slice(0, 16_000));
      expect(seconds === null || seconds >= 0).toBe(true);
    }),
  );
});
