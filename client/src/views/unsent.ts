import type { Outbox, Pending } from '../core/outbox.js';
import { fromTemplate, part, setClass, setHidden, setText, type Part } from './dom.js';
import { keyed, type Row } from './keyed.js';

export interface UnsentNeeds {
  readonly tryAgain: (id: string) => void;
  readonly discard: (id: string) => void;
  readonly composer: () => HTMLElement;
}

const stateText = ({ refused, failures }: Pending, sending: boolean): string =>
  refused ??
  (failures > 0 ? 'Not confirmed yet: it is sent again by itself.' : sending ? 'Sending…' : 'Waiting…');

const pendingRow = ({ id, text }: Pending, needs: UnsentNeeds, isSending: () => boolean): Row<Pending> => {
  const el = fromTemplate('pending-row');
  part(el, '.text').textContent = text;
  part(el, '.again').addEventListener('click', () => needs.tryAgain(id));
  part(el, '.discard').addEventListener('click', () => needs.discard(id));
  return {
    el,
    update(one) {
      setText(part(el, '.meta'), stateText(one, isSending()));
      setClass(el, 'refused', one.refused !== undefined);
    },
  };
};

/** What is on its way or failed; not there when there is nothing. */
export const createUnsent = (list: HTMLElement, needs: UnsentNeeds): Part<Outbox> => {
  let sending: string | null = null;
  const sync = keyed<Pending>(
    list,
    ({ id }) => id,
    (one) => pendingRow(one, needs, () => one.id === sending),
    needs.composer,
  );
  return {
    el: list,
    update(outbox) {
      sending = outbox.sending;
      sync(outbox.pending);
      setHidden(list, outbox.pending.length === 0);
    },
  };
};
