import type { OnlineUser } from '../core/wire.js';
import { fromTemplate, part, setHidden, setText, type Part } from './dom.js';
import { keyed, type Row } from './keyed.js';

const userRow = ({ username, guest }: OnlineUser): Row<OnlineUser> => {
  const el = fromTemplate('person-row');
  part(el, 'bdi').textContent = username;
  if (!guest) part(el, '.guest').remove();
  return {
    el,
    update({ away }) {
      setHidden(part(el, '.gone'), !away);
      el.classList.toggle('away', away);
    },
  };
};

/** Who is in the room and online. Never announced: people come and go. */
export const createOnline = (el: HTMLElement): Part<readonly OnlineUser[]> => {
  const sync = keyed<OnlineUser>(part(el, 'ul'), ({ username, guest }) => `${username} ${guest}`, userRow);
  return {
    el,
    update(users) {
      setText(part(el, 'h2'), `Online (${users.length})`);
      sync(users);
    },
  };
};
