import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessageText } from '../../src/domain/message-text.js';
import { anyText } from './characters.js';
import { refused, whatIsTold } from './refused.js';

const codeOf = (typed: unknown) => refused(() => readMessageText(typed));

test('a message is stored trimmed, and is then a message that changes no more', () => {
  fc.assert(
    fc.property(
      anyText.filter((typed) => codeOf(typed) === null),
      (typed) => {
        const text = readMessageText(typed);
        expect(text).toBe(text.trim());
        expect(readMessageText(text)).toBe(text);
      },
    ),
  );
});

test('whatever is sent, it is taken or refused by a rule', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.anything()), (typed) => {
      expect([null, 'empty-message', 'message-too-long', 'invalid-text']).toContain(codeOf(typed));
    }),
  );
});

test('no stored message has a control character but tab and line feed, or half a character', () => {
  fc.assert(
    fc.property(anyText, (typed) => {
      if (codeOf(typed) === null) expect(readMessageText(typed)).not.toMatch(/[^\P{Cc}\n\t]|\p{Cs}/u);
    }),
  );
});

test('line breaks are kept, and all are stored as line feeds', () => {
  expect(readMessageText('one\r\ntwo\rthree\n\nfour\tfive')).toBe('one\ntwo\nthree\n\nfour\tfive');
});

test('a message has 1 to 2,000 code points once trimmed, however many units they take', () => {
  expect(readMessageText(` ${'😀'.repeat(2000)}\n`)).toHaveLength(4000);
  expect(readMessageText('x\r\n'.repeat(999) + 'xy')).toHaveLength(2000);
  expect(codeOf('x'.repeat(2001))).toBe('message-too-long');
  expect(codeOf('😀'.repeat(2001))).toBe('message-too-long');
});

test.each([undefined, '', '   ', '\n\t\r\n', '\u3000\u00a0'])(
  'nothing but space is an empty message: %j',
  (typed) => {
    expect(codeOf(typed)).toBe('empty-message');
  },
);

test.each([null, 7, true, ['text'], { text: 'text' }])('what is no text is no message: %j', (typed) => {
  expect(codeOf(typed)).toBe('invalid-text');
});

test.each(['a\u0000b', 'a\u001b[31m', 'a\u007f', 'a\u0085b', '\ud83d', 'a\ude00b', '\u0000'])(
  'control characters and halves of characters are refused: %j',
  (typed) => {
    expect(codeOf(typed)).toBe('invalid-text');
  },
);

test('text of any script, emoji and signs that turn around are a message, letter by letter', () => {
  for (const text of ['שלום', 'مرحبا', '👩🏽‍🚀', 'a\u202eb', '<b>&amp;', 'e\u0301', 'ﬁ']) {
    expect(readMessageText(text)).toBe(text);
  }
});

test('a refusal names the input at fault', () => {
  expect(whatIsTold(() => readMessageText(''))).toMatchObject({
    kind: 'invalid',
    details: { field: 'text' },
  });
});
