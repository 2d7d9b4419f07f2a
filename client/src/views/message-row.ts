import { findLinks } from '../core/links.js';
import { isOwn } from '../core/reading.js';
import type { TimeTexts } from '../core/time-texts.js';
import type { Entry } from '../core/wire.js';
import { h } from './dom.js';

const linkTo = (address: string): HTMLAnchorElement =>
  h(
    'a',
    { href: address, target: '_blank', rel: 'noopener noreferrer nofollow ugc', tabindex: '-1' },
    address,
  );

/** A message as a list item numbered as the server numbered it. Grouping changes its looks and nothing else. */
export const messageRow = (entry: Entry, follows: boolean, texts: TimeTexts): HTMLLIElement => {
  const own = isOwn(entry);
  const at = new Date(entry.at);
  const time = h('time', { datetime: entry.at, title: texts.full(at) }, texts.clock(at));
  const by = h('p', { class: 'by' }, h('bdi', { class: 'author' }, entry.author));
  if (own) by.append(' ', h('span', { class: 'tag' }, '(you)'));
  else if (entry.guest) by.append(' ', h('span', { class: 'tag' }, 'guest'));
  const text = findLinks(entry.text).map((part) => (part.link ? linkTo(part.text) : part.text));
  const classes = `message${own ? ' own' : ''}${follows ? ' follows' : ''}`;
  const row = h(
    'li',
    { class: classes, tabindex: '-1' },
    by,
    ' ',
    h('p', { class: 'text', dir: 'auto' }, ...text),
    ' ',
    time,
  );
  row.value = entry.seq;
  return row;
};
