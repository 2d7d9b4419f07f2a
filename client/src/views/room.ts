import type { Outbox } from '../core/outbox.js';
import type { OnlineUser, Room } from '../core/wire.js';
import { createComposer, type ComposerNeeds } from './composer.js';
import { button, h, type View } from './dom.js';
import { createLogView, type LogState } from './log-view.js';
import { createOnline } from './online.js';
import { createUnsent } from './unsent.js';

export interface RoomNeeds extends ComposerNeeds {
  readonly room: Room;
  readonly leave: () => void;
  readonly reachedEnd: () => void;
  readonly tryAgain: (id: string) => void;
  readonly discard: (id: string) => void;
}

/** What changed; what is left out stays as it is. */
export interface RoomChange {
  readonly log?: LogState;
  readonly online?: readonly OnlineUser[];
  readonly outbox?: Outbox;
}

export interface RoomView extends View<RoomChange> {
  readonly atEnd: () => boolean;
  readonly toEnd: () => void;
}

export const createRoom = (needs: RoomNeeds): RoomView => {
  const { room } = needs;
  const heading = h('h1', { dir: 'auto' }, room.name);
  const log = createLogView(needs.reachedEnd);
  const online = createOnline();
  const composer = createComposer(needs);
  const unsent = createUnsent({ ...needs, composer: () => composer.box });
  const logOutSlot = h('div', { class: 'log-out-slot' });
  const el = h(
    'div',
    { id: 'room' },
    h('div', { class: 'room-head' }, heading, button('Leave room', 'quiet', needs.leave)),
    online.el,
    log.el,
    h('div', { class: 'writing' }, unsent.el, h('div', { class: 'desk' }, composer.el, logOutSlot)),
  );
  return {
    el,
    heading,
    title: room.name,
    logOutSlot,
    atEnd: log.atEnd,
    toEnd: log.toEnd,
    update(change) {
      if (change.online) online.update(change.online);
      if (change.outbox) unsent.update(change.outbox);
      if (change.log) log.update(change.log);
    },
    dispose: log.dispose,
  };
};
