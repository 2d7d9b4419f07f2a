import { standing } from '../core/grouping.js';
import type { LogItem } from '../core/log.js';
import type { TimeTexts } from '../core/time-texts.js';
import type { Entry } from '../core/wire.js';
import { gapText } from '../core/words.js';
import { h } from './dom.js';
import { messageRow } from './message-row.js';

/** Rows a chunk. What happens in one chunk lays out that chunk only, so a long log stays quick. */
const CHUNK = 64;

/** The rows of the log: appended at the end, dropped at the beginning, never touched in between. */
export const createMessageList = (el: HTMLElement, texts: TimeTexts) => {
  let chunk: HTMLOListElement | null = null;
  let last: Entry | null = null;
  let divider: HTMLElement | null = null;

  const line = (kind: string, text: string): HTMLElement => {
    const made = h('p', { class: `line ${kind}` }, text);
    el.append(made);
    chunk = null;
    return made;
  };

  const appendMessage = (entry: Entry, dividedAt: number): void => {
    const { follows, newDay } = standing(last, entry);
    if (newDay) line('day', texts.day(new Date(entry.at)));
    const divided = entry.seq === dividedAt;
    if (divided) {
      divider?.remove();
      divider = line('divider', 'New messages');
    }
    if (chunk === null || chunk.childElementCount >= CHUNK) {
      chunk = h('ol', { class: 'plain chunk' });
      el.append(chunk);
    }
    chunk.append(messageRow(entry, follows && !divided, texts));
    last = entry;
  };

  const dropRow = (first: Element, seq: number): boolean => {
    const row = first.firstElementChild;
    if (!(row instanceof HTMLLIElement) || row.value >= seq) return false;
    row.remove();
    first.firstElementChild?.classList.remove('follows');
    return true;
  };

  return {
    append(items: readonly LogItem[], dividedAt: number) {
      for (const item of items) {
        if (item.kind === 'message') {
          appendMessage(item.entry, dividedAt);
        } else {
          line('gap', gapText(item.missed));
          last = null;
        }
      }
    },
    clear() {
      el.replaceChildren();
      chunk = last = divider = null;
    },
    /** Drops the rows that the server no longer keeps. */
    dropBefore(seq: number) {
      for (let rows = el.querySelector('ol'); rows; rows = el.querySelector('ol')) {
        while (dropRow(rows, seq));
        if (rows.childElementCount > 0) return;
        const next = rows.nextElementSibling;
        if (next?.classList.contains('day') || next?.classList.contains('gap')) {
          while (el.firstElementChild !== next) el.firstElementChild?.remove();
        } else {
          rows.remove();
        }
        if (chunk === rows) chunk = null;
      }
    },
  };
};
