import { titleText } from '../core/words.js';
import { button, byId, h, setHidden, setText, type View } from './dom.js';

export interface Action {
  readonly name: string;
  readonly run: () => void;
}

/** How long a message of another stays where assistive technology reads it, in milliseconds: the log has it anyway. */
const ANNOUNCED_MS = 3000;

/** What surrounds every view: who is here, "Log out", the alert, the status, and the announcements. */
export const createShell = (logOut: () => void) => {
  const main = byId('main');
  const alert = byId('alert');
  const actions = byId('actions');
  const status = byId('status');
  const news = byId('news');
  const name = byId('name');
  const headSlot = byId('log-out-slot');
  const icon = byId<HTMLLinkElement>('icon');
  const seenIcon = icon.href;
  const logOutForm = h('form', { class: 'log-out' }, h('button', { class: 'quiet' }, 'Log out'));
  logOutForm.addEventListener('submit', (event) => {
    event.preventDefault();
    logOut();
  });
  let current: View | null = null;
  let silence: ReturnType<typeof setTimeout>;

  const setTitle = (unread: number): void => {
    const title = titleText(current?.title ?? 'Welcome', unread);
    if (document.title === title) return;
    document.title = title;
    icon.href = unread > 0 ? '/favicon-unread.svg' : seenIcon;
  };

  const setAlert = (content: string | HTMLElement, offers: readonly Action[] = []): void => {
    if (typeof content === 'string') setText(alert, content);
    else alert.replaceChildren(content);
    const names = offers.map((offer) => offer.name).join();
    if (names === actions.dataset['names']) return;
    actions.dataset['names'] = names;
    actions.replaceChildren(...offers.map((offer) => button(offer.name, 'quiet', offer.run)));
  };

  return {
    alert: setAlert,
    title: setTitle,
    status: (text: string) => setText(status, text),
    announce(text: string) {
      clearTimeout(silence);
      news.replaceChildren(h('p', {}, text));
      silence = setTimeout(() => news.replaceChildren(), ANNOUNCED_MS);
    },
    clear: () => main.replaceChildren(),
    show(view: View, username: string | null) {
      current?.dispose?.();
      current = view;
      setAlert('');
      setText(status, '');
      setText(name, username ?? '');
      setHidden(byId('who'), username === null);
      (view.logOutSlot ?? headSlot).append(logOutForm);
      main.replaceChildren(view.el);
      main.dataset['view'] = view.el.id;
      setTitle(0);
      view.heading.tabIndex = -1;
      view.heading.focus();
    },
  };
};

export type Shell = ReturnType<typeof createShell>;
