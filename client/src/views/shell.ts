import { titleText } from '../core/words.js';
import { byId, h, setHidden, setText, type View } from './dom.js';
import { keyed } from './keyed.js';

export interface Action {
  readonly name: string;
  readonly run: () => void;
}

/** How long a status that needs no answer stays, in milliseconds. */
const SAID_MS = 6000;
/** How long a message of another stays where assistive technology reads it, in milliseconds: the log has it anyway. */
const ANNOUNCED_MS = 3000;

/** @returns what writes into a region that is read out: for so many milliseconds, or until the next */
const teller = (region: HTMLElement): ((text: string, ms?: number) => void) => {
  let timer: ReturnType<typeof setTimeout>;
  const tell = (text: string, ms = 0): void => {
    clearTimeout(timer);
    region.replaceChildren(text);
    if (ms > 0) timer = setTimeout(() => tell(''), ms);
  };
  return tell;
};

/** What surrounds every view: who is here, "Log out", the alert, the status, and the announcements. */
export const createShell = (logOut: () => void) => {
  const main = byId('main');
  const alert = byId('alert');
  const status = teller(byId('status'));
  const announce = teller(byId('news'));
  const name = byId('name');
  const headSlot = byId('log-out-slot');
  const icon = byId<HTMLLinkElement>('icon');
  const seenIcon = icon.href;
  const logOutForm = byId('log-out');
  logOutForm.addEventListener('submit', (event) => {
    event.preventDefault();
    logOut();
  });
  let current: View | null = null;
  /** A button stays as long as something of its name is offered, and does what was offered last. */
  const syncActions = keyed<Action>(
    byId('actions'),
    ({ name }) => name,
    ({ name }) => {
      const el = h('button', { type: 'button', class: 'quiet' }, name);
      return { el, update: ({ run }) => (el.onclick = run) };
    },
    () => current!.heading,
  );

  const setTitle = (unread: number): void => {
    const title = titleText(current?.title ?? 'Welcome', unread);
    if (document.title === title) return;
    document.title = title;
    icon.href = unread > 0 ? '/favicon-unread.svg' : seenIcon;
  };

  const setAlert = (content: string | HTMLElement, offers: readonly Action[] = []): void => {
    if (typeof content === 'string') setText(alert, content);
    else alert.replaceChildren(content);
    syncActions(offers);
  };

  return {
    alert: setAlert,
    title: setTitle,
    status: (text: string) => status(text),
    say: (text: string) => status(text, SAID_MS),
    announce: (text: string) => announce(text, ANNOUNCED_MS),
    clear: () => main.replaceChildren(),
    show(view: View, username: string | null) {
      current?.dispose?.();
      current = view;
      setAlert('');
      status('');
      setText(name, username ?? '');
      setHidden(byId('who'), username === null);
      (view.logOutSlot ?? headSlot).append(logOutForm);
      main.replaceChildren(view.el);
      view.el.hidden = false;
      main.dataset['view'] = view.el.id;
      setTitle(0);
      // While it is open, nothing outside can have the focus.
      byId<HTMLDialogElement>('help').close();
      view.heading.tabIndex = -1;
      view.heading.focus();
    },
  };
};

export type Shell = ReturnType<typeof createShell>;
