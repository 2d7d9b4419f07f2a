import type { OnlineList, Outlook } from '../../application/ports.js';
import type { Updates } from '../../application/read-updates.js';
import type { Entry } from '../../domain/message-log.js';
import { timeJson } from './json.js';
import { kept } from './kept.js';
import { readyAnswer, type ReadyAnswer } from './ready-answer.js';

/* What many readers are given alike is written once and kept as long as the thing itself. */
const heads = new WeakMap<Outlook, string>();
const entries = new WeakMap<Entry, string>();
const lists = new WeakMap<OnlineList, string>();
const nothings = new WeakMap<Outlook, ReadyAnswer>();

const writeHead = ({ head: { epoch, first, last } }: Outlook): string =>
  `"epoch":${JSON.stringify(epoch)},"first":${first},"last":${last},"entries":[`;

const writeEntry = ({ seq, kind, author, guest, text, at }: Entry): string =>
  JSON.stringify({ seq, kind, author, guest, text, at: timeJson(at) }).slice(0, -1);

const writeList = ({ version, users }: OnlineList): string =>
  `,"online":${JSON.stringify({ version, users })}`;

/** One entry; the key that its author gave it is its author's only. */
export const entryJson = (entry: Entry, readerId: string): string => {
  const text = kept(entries, entry, writeEntry);
  return entry.authorId === readerId ? `${text},"clientMessageId":"${entry.clientMessageId}"}` : `${text}}`;
};

/** The members of an answer that has updates, without the braces around them. */
export const updatesJson = (updates: Updates, readerId: string): string => {
  let text = kept(heads, updates.outlook, writeHead);
  if (updates.entries.length > 0) {
    text += updates.entries.map((entry) => entryJson(entry, readerId)).join(',');
  }
  text += ']';
  if (updates.reset) text += ',"reset":true';
  if (updates.missed > 0) text += `,"missed":${updates.missed}`;
  if (updates.more) text += ',"more":true';
  if (updates.online !== null) text += kept(lists, updates.online, writeList);
  return text;
};

const writeNothing = (outlook: Outlook): ReadyAnswer =>
  readyAnswer(successJson('UP TO DATE', `${writeHead(outlook)}]`));

/** The answer to a poll to which nothing is new, the same for all of the room; null where something is. */
export const nothingNew = ({ outlook, entries, reset, missed, online }: Updates): ReadyAnswer | null =>
  entries.length > 0 || reset || missed > 0 || online !== null ? null : kept(nothings, outlook, writeNothing);

/** A success whose members are JSON already. */
export const successJson = (message: string, members: string): string =>
  `{"success":true,"message":"${message}",${members}}`;
