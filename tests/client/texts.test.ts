import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findLinks } from '../../client/src/core/links.js';
import { timeTexts } from '../../client/src/core/time-texts.js';
import { announcement, gapText, jumpText, lengthText, titleText } from '../../client/src/core/words.js';

const linksIn = (text: string) =>
  findLinks(text)
    .filter(({ link }) => link)
    .map((part) => part.text);

test.each([
  ['see https://example.org/a?b=c.', ['https://example.org/a?b=c']],
  ['(https://example.org/notes(1).pdf)', ['https://example.org/notes(1).pdf']],
  ['HTTP://EXAMPLE.ORG, and “https://ä.example/ü”', ['HTTP://EXAMPLE.ORG', 'https://ä.example/ü']],
  ['javascript:alert(1) ftp://a.example www.example.org data:text/html,x', []],
  ['https:// and http://', []],
  ['<https://example.org/>', ['https://example.org/']],
  ['xhttps://example.org', []],
])('Only what begins http:// or https:// is a link: %s', (text, links) => {
  expect(linksIn(text)).toEqual(links);
});

test('Finding links changes no letter of any text, and every link is an http address', () => {
  const pieces = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('https://a.example/', 'http://', ').', 'x:', '"')),
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const found = findLinks(text);
      expect(found.map((part) => part.text).join('')).toBe(text);
      for (const part of found) if (part.link) expect(new URL(part.text).protocol).toMatch(/^https?:$/);
    }),
    { numRuns: 1000 },
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
  expect(lengthText(1799, 2000)).toBe('');
  expect(lengthText(1998, 2000)).toBe('2 characters left');
  expect(lengthText(2003, 2000)).toBe('3 characters too many');
});

test('A few messages are read out, many are counted', () => {
  const said = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ author: 'bobby', text: `no ${at}` }));
  expect(announcement(said(1))).toBe('bobby: no 0');
  expect(announcement(said(4))).toBe('4 new messages');
});
