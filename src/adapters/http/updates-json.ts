import type { OnlineList, Outlook } from '../../application/ports.js';
import type { Updates } from '../../application/read-updates.js';
import type { Entry } from '../../domain/message-log.js';
import { timeJson } from './json.js';
import { memo } from './memo.js';
import { readyAnswer, type ReadyAnswer } from './ready-answer.js';
import { SharedAnswers } from './shared-answers.js';

/* What many readers are given alike is written once and kept as long as the thing itself. */
const heads = new WeakMap<Outlook, string>();
const entries = new WeakMap<Entry, string>();
const lists = new WeakMap<OnlineList, string>();
const answers = new WeakMap<Outlook, SharedAnswers>();
const newAnswers = (): SharedAnswers => new SharedAnswers();

const writeHead = ({ head: { epoch, first, last } }: Outlook): string =>
  `"epoch":${JSON.stringify(epoch)},"first":${first},"last":${last},"entries":[`;

const writeEntry = ({ seq, kind, author, guest, text, at }: Entry): string =>
  JSON.stringify({ seq, kind, author, guest, text, at: timeJson(at) }).slice(0, -1);

const writeList = ({ version, users }: OnlineList): string =>
  `,"online":${JSON.stringify({ version, users })}`;

/** One entry; the key that its author gave it is its author's only. */
export const entryJson = (entry: Entry, readerId: string): string => {
  const text = memo(entries, entry, writeEntry);
  return entry.authorId === readerId ? `${text},"clientMessageId":"${entry.clientMessageId}"}` : `${text}}`;
};

/** The members of an answer that has updates, without the braces around them. */
export const updatesJson = (updates: Updates, readerId: string): string => {
  let text = memo(heads, updates.outlook, writeHead);
  if (updates.entries.length > 0) {
    text += updates.entries.map((entry) => entryJson(entry, readerId)).join(',');
  }
  text += ']';
  if (updates.reset) text += ',"reset":true';
  if (updates.missed > 0) text += `,"missed":${updates.missed}`;
  if (updates.more) text += ',"more":true';
  if (updates.online !== null) text += memo(lists, updates.online, writeList);
  return text;
};

const IDLE = '';

/** What tells an answer from others to the same outlook; null where it is its reader's alone. */
const shareName = (updates: Updates, readerId: string): string | null => {
  const { entries, reset, missed } = updates;
  if (entries.length === 0 && !reset && missed === 0) return IDLE;
  if (entries.some(({ authorId }) => authorId === readerId)) return null;
  return `${entries[0]?.seq} ${entries.length} ${reset} ${missed}`;
};

/** The answer to a poll. What readers have in common is made once, as long as the room is as it is. */
export const pollAnswer = (updates: Updates, readerId: string): ReadyAnswer => {
  const write = () => readyAnswer(successJson('UP TO DATE', updatesJson(updates, readerId)));
  const name = shareName(updates, readerId);
  if (name === null) return write();
  const shared = memo(answers, updates.outlook, newAnswers);
  if (name === IDLE && updates.online === null) return (shared.idle ??= write());
  return shared.find(name, updates.online, write);
};

/** A success whose members are JSON already. */
export const successJson = (message: string, members: string): string =>
  `{"success":true,"message":"${message}",${members}}`;
