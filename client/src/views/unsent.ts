import type { Outbox, Pending } from '../core/outbox.js';
import { fromTemplate, part, setHidden, setText, type Part } from './dom.js';
import { keyed, type Row } from './keyed.js';

export interface UnsentNeeds {
  readonly tryAgain: (id: string) => void;
  readonly discard: (id: string) => void;
  readonly composer: () => HTMLElement;
}

interface Shown extends Pending {
  readonly sending: boolean;
}

const stateText = ({ refused, failures, sending }: Shown): string => {
  if (refused !== undefined) return refused;
  if (sending) return 'Sending…';
  return failures > 0 ? 'Not confirmed, and perhaps it arrived: it is sent again by itself.' : 'Waiting…';
};

const pendingRow = ({ id, text }: Shown, needs: UnsentNeeds): Row<Shown> => {
  const el = fromTemplate('pending-row');
  const discard = part(el, '.discard');
  part(el, '.text').textContent = text;
  part(el, '.again').addEventListener('click', () => needs.tryAgain(id));
  discard.addEventListener('click', () => needs.discard(id));
  return {
    el,
    update(one) {
      setText(part(el, '.meta'), stateText(one));
      discard.ariaDisabled = String(one.sending);
      el.classList.toggle('refused', one.refused !== undefined);
    },
  };
};

/** What is on its way or failed; not there when there is nothing. */
export const createUnsent = (list: HTMLElement, needs: UnsentNeeds): Part<Outbox> => {
  const sync = keyed<Shown>(
    list,
    ({ id }) => id,
    (one) => pendingRow(one, needs),
    needs.composer,
  );
  return {
    el: list,
    update({ pending, sending }) {
      sync(pending.map((one) => ({ ...one, sending: one.id === sending })));
      setHidden(list, pending.length === 0);
    },
  };
};
