import type { Outbox, Pending } from '../core/outbox.js';
import { button, h, setHidden, setText, type Part } from './dom.js';
import { keyed, type Row } from './keyed.js';

export interface UnsentNeeds {
  readonly tryAgain: (id: string) => void;
  readonly discard: (id: string) => void;
  readonly composer: () => HTMLElement;
}

const stateText = ({ refused, failures }: Pending, sending: boolean): string =>
  refused ??
  (failures > 0 ? 'No answer yet: it is sent again by itself.' : sending ? 'Sending…' : 'Waiting…');

const pendingRow = (
  { id, text }: Pending,
  needs: UnsentNeeds,
): { el: HTMLElement; set: (one: Pending, sending: boolean) => void } => {
  const state = h('p', { class: 'meta' });
  const actions = h(
    'div',
    { class: 'row' },
    button('Try again', 'quiet', () => needs.tryAgain(id)),
    button('Discard', 'quiet', () => needs.discard(id)),
  );
  const el = h(
    'li',
    { class: 'pending' },
    h('div', {}, h('p', { class: 'text', dir: 'auto' }, text), state),
    actions,
  );
  return {
    el,
    set(one, sending) {
      setText(state, stateText(one, sending));
      setHidden(actions, one.refused === undefined && one.failures === 0);
      if (el.classList.contains('refused') !== (one.refused !== undefined)) el.classList.toggle('refused');
    },
  };
};

/** What is on its way or failed; not there when there is nothing. */
export const createUnsent = (needs: UnsentNeeds): Part<Outbox> => {
  const list = h('ul', { class: 'plain unsent', 'aria-label': 'Unsent messages' });
  let sending: string | null = null;
  const make = (one: Pending): Row<Pending> => {
    const { el, set } = pendingRow(one, needs);
    return { el, update: (now) => set(now, now.id === sending) };
  };
  const sync = keyed<Pending>(list, ({ id }) => id, make, needs.composer);
  setHidden(list, true);
  return {
    el: list,
    update(outbox) {
      sending = outbox.sending;
      sync(outbox.pending);
      setHidden(list, outbox.pending.length === 0);
    },
    dispose() {},
  };
};
