import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readyAnswer } from '../../src/adapters/http/ready-answer.js';

const text = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀'), maxLength: 20 });

test('an answer tells how many bytes it has, whatever answers were made before it', () => {
  const lengthTold = ({ headers }: { headers: readonly string[] }): string | undefined =>
    headers[headers.indexOf('Content-Length') + 1];
  fc.assert(
    fc.property(text, (body) => {
      expect(lengthTold(readyAnswer(body))).toBe(String(Buffer.byteLength(body)));
      const long = readyAnswer(body + 'x'.repeat(2000));
      expect(lengthTold(long)).toBe(String(Buffer.byteLength(body) + 2000));
      const zipped = long.gzipped!();
      expect(lengthTold(zipped)).toBe(String(zipped.body.length));
    }),
  );
});
