import type { OnlineUser } from '../core/wire.js';
import { h, setHidden, setText, type Part } from './dom.js';
import { keyed, type Row } from './keyed.js';

const userRow = ({ username, guest }: OnlineUser): Row<OnlineUser> => {
  const away = h('span', { class: 'tag' }, 'away');
  const el = h('li', {}, h('bdi', {}, username), ' ');
  if (guest) el.append(h('span', { class: 'tag' }, 'guest'), ' ');
  el.append(away);
  return {
    el,
    update(user) {
      setHidden(away, !user.away);
      if (el.classList.contains('away') !== user.away) el.classList.toggle('away', user.away);
    },
  };
};

/** Who is in the room and online. Never announced: people come and go. */
export const createOnline = (): Part<readonly OnlineUser[]> => {
  const heading = h('h2', {}, 'Online');
  const list = h('ul', { class: 'plain people' });
  const sync = keyed<OnlineUser>(list, ({ username, guest }) => `${username} ${guest}`, userRow);
  return {
    el: h('aside', { class: 'online', 'aria-label': 'Online', tabindex: '0' }, heading, list),
    update(users) {
      setText(heading, `Online (${users.length})`);
      sync(users);
    },
    dispose() {},
  };
};
