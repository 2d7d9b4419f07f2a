import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { domainToUnicode } from 'node:url';
import { findLinks } from '../../client/src/core/links.js';
import { timeTexts } from '../../client/src/core/time-texts.js';
import { foldCase } from '../../src/domain/room-name.js';
import { announcement, gapText, jumpText, lengthText, titleText } from '../../client/src/core/words.js';

const linksIn = (text: string) =>
  findLinks(text)
    .filter(({ link }) => link)
    .map((part) => part.text);

test.each([
  ['see https://example.org/a?b=c.', ['https://example.org/a?b=c']],
  ['(https://example.org/notes(1).pdf)', ['https://example.org/notes(1).pdf']],
  ['(see https://example.org/Tea_(drink))', ['https://example.org/Tea_(drink)']],
  ['HTTP://EXAMPLE.ORG, and “https://ä.example/ü”', ['HTTP://EXAMPLE.ORG', 'https://ä.example/ü']],
  ['http://localhost:8080/a:b, https://example.org:', ['http://localhost:8080/a:b', 'https://example.org']],
  ['javascript:alert(1) ftp://a.example www.example.org data:text/html,x', []],
  ['https:// and http://', []],
  ['<https://example.org/>', ['https://example.org/']],
  ['xhttps://example.org', []],
])('Only what begins http:// or https:// is a link: %s', (text, links) => {
  expect(linksIn(text)).toEqual(links);
});

test.each([
  ['https://example.com/aをご覧ください', 'https://example.com/a'],
  ['http://example.com。次の文', 'http://example.com'],
  ['（https://example.com/a）、', 'https://example.com/a'],
  ['https://example.com/a은 좋다', 'https://example.com/a'],
  ['ดูที่https://example.com/ครับ', 'https://example.com/'],
  ['https://example.com/a…', 'https://example.com/a'],
  ['https://example.com/\u202Egnp.exe', 'https://example.com/'],
  ['https://example.com/a\u200Bb', 'https://example.com/a'],
  ['https://example.com\\@else.example', 'https://example.com'],
  ['https://example.com@else.example/', 'https://example.com'],
])(
  'An address ends where no space is set but the sentence goes on, or nobody sees what follows: %s',
  (text, link) => {
    expect(linksIn(text)).toEqual([link]);
  },
);

test.each([
  'https://de.wikipedia.org/wiki/Köln',
  'https://ru.wikipedia.org/wiki/Москва#История',
  'https://ar.wikipedia.org/wiki/مصر',
  'https://hi.wikipedia.org/wiki/भारत',
  'https://vi.wikipedia.org/wiki/Việt_Nam',
  'https://ja.wikipedia.org/wiki/%E6%97%A5%E6%9C%AC',
  'https://müller.example/~me/?q=[a]&p=1,2;3|4*!$@x',
])(
  'An address with letters of a script that sets spaces, or with encoded ones, is one link: %s',
  (address) => {
    expect(linksIn(address)).toEqual([address]);
  },
);

test.each([
  ['https://example.org/snake_', 'https://example.org/snake_'],
  ['https://example.org/~ and', 'https://example.org/~'],
  ['https://example.org/*', 'https://example.org/*'],
  ['**https://example.org/a**', 'https://example.org/a'],
  ['_https://example.org/a_.', 'https://example.org/a'],
  ['~https://example.org/a~', 'https://example.org/a'],
  ['`https://example.org/a`', 'https://example.org/a'],
])('A sign of emphasis at the end is the address’s own unless one stands before it: %s', (text, link) => {
  expect(linksIn(text)).toEqual([link]);
});

const LETTERS = [
  'a',
  'Z',
  '7',
  'ä',
  'ẞ',
  'σ',
  'д',
  'ب',
  'ﬁ',
  'Ｅ',
  '日',
  'の',
  '한',
  'ก',
  '\u0308',
  '\uFE0F',
];
const SIGNS = [...'.,:;!?\'"/\\@#%&=()[]{}<>|^`*_~- 。．／＠：…·\u00AD\u200B\u200D\u202E\u2066\n'];
const textWithAddresses = fc
  .array(
    fc.oneof(
      fc.constantFrom('https://', 'http://', 'HTTPS://', 'a.example', 'xn--bcher-kva.example', ':80', '%41'),
      fc.constantFrom(...LETTERS),
      fc.constantFrom(...SIGNS),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

test('Finding links changes no letter of any text, and every link is an http address', () => {
  fc.assert(
    fc.property(textWithAddresses, (text) => {
      const found = findLinks(text);
      expect(found.map((part) => part.text).join('')).toBe(text);
      for (const part of found) {
        expect(part.text).not.toBe('');
        if (part.link) expect(new URL(part.text).protocol).toMatch(/^https?:$/);
      }
    }),
    { numRuns: 1500 },
  );
});

/** Letters that look alike are read as the same, and their case tells nothing. */
const asRead = (host: string): string =>
  foldCase(
    host
      .normalize('NFKC')
      .split('.')
      .map((label) => (/^xn--/i.test(label) ? domainToUnicode(label) : label))
      .join('.'),
  );

test('A link leads to no other host than the one that its text reads as, and holds nothing unseen', () => {
  fc.assert(
    fc.property(textWithAddresses, (text) => {
      for (const address of linksIn(`https://${text}`)) {
        expect(address).not.toMatch(/[\s\p{C}\p{Z}\p{DI}]/u);
        const { hostname, username, password } = new URL(address);
        expect(username + password).toBe('');
        // A number is an IPv4 address in another notation.
        if (/^[\d.]+$/.test(hostname)) continue;
        const typed = /^https?:\/\/([^/?#:]+)/i.exec(address)![1]!;
        expect(asRead(hostname)).toBe(asRead(typed));
      }
    }),
    { numRuns: 1500 },
  );
});

test('A time is told in the reader’s own way and zone', () => {
  const texts = timeTexts('en-GB', 'Europe/Zurich');
  const at = new Date(Date.UTC(2026, 0, 5, 23, 30));
  expect(texts.clock(at)).toBe('0:30');
  expect(texts.day(at)).toMatch(/^Tuesday,? 6 January 2026$/);
  expect(texts.full(at)).toContain('6 January 2026');
});

test('The gap, the way to the end, and the title count', () => {
  expect(gapText(37)).toBe('37 earlier messages are no longer kept');
  expect(gapText(1)).toBe('1 earlier message is no longer kept');
  expect(jumpText(3)).toBe('Jump to latest, 3 new');
  expect(titleText('Rooms', 0)).toBe('Rooms · Parlour');
  expect(titleText('Kitchen', 2)).toBe('(2) Kitchen · Parlour');
});

test('The length is told near the limit and past it', () => {
  expect(lengthText(201)).toBe('');
  expect(lengthText(200)).toBe('200 characters left');
  expect(lengthText(1)).toBe('1 character left');
  expect(lengthText(0)).toBe('0 characters left');
  expect(lengthText(-1)).toBe('1 character too many');
  expect(lengthText(-3)).toBe('3 characters too many');
});

test('A few messages are read out, many are counted', () => {
  const said = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ author: 'bobby', text: `no ${at}` }));
  expect(announcement(said(1))).toBe('bobby: no 0');
  expect(announcement(said(4))).toBe('4 new messages');
});
