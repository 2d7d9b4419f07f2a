import { checkRoom, readCapacityInput, type Fault } from '../core/checks.js';
import type { Room } from '../core/wire.js';
import { fromTemplate, part, setHidden, setText, type Part, type View } from './dom.js';
import { handleForm, valueOf } from './form.js';
import { keyed, type Row } from './keyed.js';

export interface RoomsNeeds {
  readonly alert: (content: string | HTMLElement) => void;
  readonly join: (room: Room) => void;
  readonly remove: (room: Room) => void;
  readonly create: (name: string, capacity: number | undefined) => Promise<Fault | null>;
}

const roomRow = (room: Room, { join, remove }: RoomsNeeds): Row<Room> => {
  const el = fromTemplate('room-row');
  part(el, '.room-name').textContent = room.name;
  part(el, '.creator').textContent = room.creator;
  // The name stands beside the buttons for the eye, and in them for whoever hears one alone.
  for (const name of el.querySelectorAll('button span')) name.textContent = room.name;
  part(el, '.primary').addEventListener('click', () => join(room));
  const removal = part(el, '.danger');
  if (room.mine) removal.addEventListener('click', () => remove(room));
  else removal.remove();
  return {
    el,
    update: ({ members, capacity }) => setText(part(el, '.members'), `${members} of ${capacity} in it`),
  };
};

/** The list is a skeleton until the first update. */
export const createRooms = (needs: RoomsNeeds): View & Part<readonly Room[]> => {
  const el = fromTemplate('rooms-view');
  const heading = part(el, 'h1');
  const list = part(el, 'ul');
  const form = part<HTMLFormElement>(el, 'form');
  const sync = keyed<Room>(
    list,
    ({ id }) => id,
    (room) => roomRow(room, needs),
    () => heading,
  );

  handleForm(form, {
    alert: needs.alert,
    check: () => checkRoom(valueOf(form, 'name'), valueOf(form, 'capacity')),
    send: () => needs.create(valueOf(form, 'name'), readCapacityInput(valueOf(form, 'capacity'))),
  });

  return {
    el,
    title: 'Rooms',
    heading,
    update(rooms) {
      setHidden(part(el, '.ghosts'), true);
      setHidden(list, rooms.length === 0);
      setHidden(part(el, '.empty'), rooms.length > 0);
      sync(rooms);
    },
  };
};
