import type { Store } from '../ports/kept.js';
import { byId } from './dom.js';

const KEY = 'parlour/no-single-keys';

const isWriting = (): boolean => document.activeElement?.matches('input, textarea') === true;

/** The help of shortcuts, and the shortcuts of a single key. These can be turned off (WCAG 2.1.4). */
export const wireHelp = (store: Store): void => {
  const dialog = byId<HTMLDialogElement>('help');
  const singleKeys = byId<HTMLInputElement>('single-keys');
  singleKeys.checked = store.read(KEY) === null;
  singleKeys.addEventListener('change', () =>
    singleKeys.checked ? store.remove(KEY) : store.write(KEY, 'off'),
  );
  const open = byId('open-help');
  open.hidden = false;
  open.addEventListener('click', () => dialog.showModal());

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!singleKeys.checked || dialog.open || isWriting()) return;
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
