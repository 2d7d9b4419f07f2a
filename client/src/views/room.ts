import type { Outbox } from '../core/outbox.js';
import type { OnlineUser, Room } from '../core/wire.js';
import { createComposer, type ComposerNeeds } from './composer.js';
import { fromTemplate, part, type Part, type View } from './dom.js';
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

export interface RoomView extends View, Part<RoomChange> {
  readonly atEnd: () => boolean;
  readonly toEnd: () => void;
  readonly keepTyped: () => void;
}

export const createRoom = (needs: RoomNeeds): RoomView => {
  const { room } = needs;
  const el = fromTemplate('room-view');
  const heading = part(el, 'h1');
  heading.textContent = room.name;
  part(el, '#leave').addEventListener('click', needs.leave);
  const log = createLogView(part(el, '.log-frame'), needs.reachedEnd);
  const online = createOnline(part(el, 'aside'));
  const composer = createComposer(part(el, '.composer'), needs);
  const unsent = createUnsent(part(el, '.unsent'), { ...needs, composer: () => composer.box });
  return {
    el,
    heading,
    title: room.name,
    logOutSlot: part(el, '.log-out-slot'),
    atEnd: log.atEnd,
    toEnd: log.toEnd,
    keepTyped: composer.keepTyped,
    update(change) {
      if (change.online) online.update(change.online);
      if (change.outbox) unsent.update(change.outbox);
      if (change.log) log.update(change.log);
    },
    dispose: log.dispose,
  };
};
