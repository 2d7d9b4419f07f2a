import { findLinks } from '../core/links.js';
import { isOwn } from '../core/reading.js';
import type { TimeTexts } from '../core/time-texts.js';
import type { Entry } from '../core/wire.js';
import { fromTemplate, part } from './dom.js';

const linkTo = (address: string): HTMLElement => {
  const link = fromTemplate('link');
  link.setAttribute('href', address);
  link.textContent = address;
  return link;
};

/** A message as a list item numbered as the server numbered it. Grouping changes its looks and nothing else. */
export const messageRow = (entry: Entry, follows: boolean, texts: TimeTexts): HTMLLIElement => {
  const row = fromTemplate<HTMLLIElement>('message-row');
  const own = isOwn(entry);
  const at = new Date(entry.at);
  const time = part<HTMLTimeElement>(row, 'time');
  const tag = part(row, '.tag');
  row.value = entry.seq;
  row.classList.toggle('own', own);
  row.classList.toggle('follows', follows);
  part(row, 'bdi').textContent = entry.author;
  if (own) tag.textContent = '(you)';
  else if (!entry.guest) tag.remove();
  part(row, '.text').append(...findLinks(entry.text).map((one) => (one.link ? linkTo(one.text) : one.text)));
  time.dateTime = entry.at;
  time.title = texts.full(at);
  time.textContent = texts.clock(at);
  return row;
};
