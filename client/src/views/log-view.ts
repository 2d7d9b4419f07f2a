import type { LogItem } from '../core/log.js';
import { timeTexts } from '../core/time-texts.js';
import { jumpText } from '../core/words.js';
import { part, setHidden, setText, type Part } from './dom.js';
import { createMessageList } from './message-list.js';

export interface LogState {
  readonly items: readonly LogItem[];
  readonly reset: boolean;
  /** The entry before which "New messages" stands. */
  readonly divider: number;
  readonly first: number;
  readonly unread: number;
}

/** How near to the end counts as there, in pixels. */
const NEAR_PX = 32;

export interface LogView extends Part<LogState> {
  readonly dispose: () => void;
  readonly atEnd: () => boolean;
  readonly toEnd: () => void;
}

/** Follows the end for a reader who is there, and stays where it is for one who is not. */
export const createLogView = (el: HTMLElement, reachedEnd: () => void): LogView => {
  // In the template its own announcements are off: it would read out history, own echoes and times as well.
  const log = part(el, '.log');
  const jump = part(el, '.jump');
  const empty = part(el, '.empty');
  const list = createMessageList(log, timeTexts());
  let atEnd = true;
  let unread = 0;
  let here: HTMLLIElement | null = null;

  /** The log is one tab stop, and the links of the row in focus come after it: not each link of a long talk. */
  const turnTo = (row: HTMLLIElement | null): void => {
    const offer = (tabIndex: number) =>
      here?.querySelectorAll('a').forEach((link) => (link.tabIndex = tabIndex));
    offer(-1);
    here = row;
    offer(0);
  };
  const toEnd = (): void => {
    log.scrollTop = log.scrollHeight;
    atEnd = true;
  };
  jump.addEventListener('click', () => {
    log.focus({ preventScroll: true });
    toEnd();
    reachedEnd();
  });

  log.addEventListener(
    'scroll',
    () => {
      const was = atEnd;
      atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
      if (atEnd && !was) reachedEnd();
    },
    { passive: true },
  );
  log.addEventListener('focusin', ({ target }) => turnTo((target as Element).closest('li')));
  log.addEventListener('focusout', () => turnTo(null));
  log.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const rows = [...log.querySelectorAll('li')];
    const row = rows[(here ? rows.indexOf(here) : rows.length) + by];
    if (row === undefined) return;
    event.preventDefault();
    row.focus();
  });
  const resized = new ResizeObserver(() => {
    if (atEnd) toEnd();
  });
  resized.observe(log);

  return {
    el,
    atEnd: () => atEnd,
    toEnd,
    update({ items, reset, divider, first, unread: now }) {
      const hadFocus = log.contains(document.activeElement);
      if (reset) list.clear();
      if (items.length > 0) list.append(items, divider);
      if (atEnd && (items.length > 0 || reset)) {
        list.dropBefore(first);
        toEnd();
      }
      if (hadFocus && !log.contains(document.activeElement)) log.focus({ preventScroll: true });
      setHidden(empty, log.childElementCount > 0);
      setHidden(jump, atEnd || now === 0);
      if (now !== unread) setText(jump, jumpText((unread = now)));
    },
    dispose: () => resized.disconnect(),
  };
};
