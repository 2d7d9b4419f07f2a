import { byId } from './dom.js';

const KEY = 'parlour/single-keys';

const read = (): boolean => {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
};

const keep = (on: boolean): void => {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Then it lasts as long as the page.
  }
};

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** The help of shortcuts, and the shortcuts of a single key. These can be turned off (WCAG 2.1.4). */
export const wireHelp = (): void => {
  const dialog = byId<HTMLDialogElement>('help');
  const singleKeys = byId<HTMLInputElement>('single-keys');
  singleKeys.checked = read();
  singleKeys.addEventListener('change', () => keep(singleKeys.checked));
  const open = byId('open-help');
  open.hidden = false;
  open.addEventListener('click', () => dialog.showModal());
  byId('close-help').addEventListener('click', () => dialog.close());

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!singleKeys.checked || dialog.open || isWriting(event.target)) return;
    if (event.key === '?') {
      event.preventDefault();
      dialog.showModal();
    } else if (event.key === '/') {
      const box = document.querySelector('textarea');
      if (box === null) return;
      event.preventDefault();
      box.focus();
    }
  });
};
