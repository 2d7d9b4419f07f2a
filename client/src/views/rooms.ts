import { checkRoom, readCapacityInput, type Fault } from '../core/checks.js';
import type { Room } from '../core/wire.js';
import { button, h, setHidden, setText, type View } from './dom.js';
import { handleForm, valueOf } from './form.js';
import { keyed, type Row } from './keyed.js';

export interface RoomsNeeds {
  readonly alert: (text: string) => void;
  readonly join: (room: Room) => void;
  readonly remove: (room: Room) => void;
  readonly create: (name: string, capacity: number | undefined) => Promise<Fault | null>;
}

const roomRow = (room: Room, { join, remove }: RoomsNeeds): Row<Room> => {
  const members = h('span', { class: 'members' });
  const actions = h(
    'div',
    { class: 'row' },
    button(`Join ${room.name}`, 'primary', () => join(room)),
  );
  if (room.mine) actions.append(button(`Delete ${room.name}`, 'danger', () => remove(room)));
  const by = h('p', { class: 'meta' }, 'by ', h('bdi', {}, room.creator), ' · ', members);
  const el = h(
    'li',
    { class: 'card room-row' },
    h('div', {}, h('bdi', { class: 'room-name' }, room.name), by),
    actions,
  );
  return {
    el,
    update: ({ members: inside, capacity }) => setText(members, `${inside} of ${capacity} in it`),
  };
};

const createForm = () =>
  h(
    'form',
    { class: 'card stack', 'aria-labelledby': 'create-heading' },
    h('h2', { id: 'create-heading' }, 'Create room'),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'room-name' }, 'Room name'),
      h('input', {
        id: 'room-name',
        name: 'name',
        autocomplete: 'off',
        dir: 'auto',
        'aria-describedby': 'room-name-hint',
      }),
      h('p', { class: 'hint', id: 'room-name-hint' }, 'Up to 40 characters, in any script'),
    ),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'capacity' }, 'Capacity'),
      h('input', {
        id: 'capacity',
        name: 'capacity',
        type: 'number',
        inputmode: 'numeric',
        min: '2',
        max: '1000',
        'aria-describedby': 'capacity-hint',
      }),
      h('p', { class: 'hint', id: 'capacity-hint' }, 'Optional: how many may be in it'),
    ),
    h('button', { class: 'primary' }, 'Create room'),
  );

/** `null` while the list is on its way. */
export const createRooms = (needs: RoomsNeeds): View<readonly Room[] | null> => {
  const heading = h('h1', { id: 'rooms-heading' }, 'Rooms');
  const list = h('ul', { class: 'plain stack', 'aria-labelledby': 'rooms-heading' });
  const skeleton = h('div', { class: 'stack', 'aria-hidden': 'true' });
  for (let rows = 0; rows < 3; rows += 1) skeleton.append(h('div', { class: 'card ghost' }));
  const none = h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, 'No rooms yet'),
    h('p', {}, 'Create the first one: give it a name, and whoever is here sees it within a second.'),
  );
  const form = createForm();
  const sync = keyed<Room>(
    list,
    ({ id, name }) => `${id} ${name}`,
    (room) => roomRow(room, needs),
    () => heading,
  );

  handleForm(form, {
    alert: needs.alert,
    check: () => checkRoom(valueOf(form, 'name'), valueOf(form, 'capacity')),
    async send() {
      const fault = await needs.create(valueOf(form, 'name'), readCapacityInput(valueOf(form, 'capacity')));
      if (fault === null) form.reset();
      return fault;
    },
  });
  setHidden(list, true);
  setHidden(none, true);

  const el = h(
    'div',
    { id: 'rooms', class: 'page' },
    heading,
    h('div', { class: 'columns' }, h('div', {}, skeleton, list, none), form),
  );
  return {
    el,
    title: 'Rooms',
    heading,
    update(rooms) {
      if (rooms === null) return;
      setHidden(skeleton, true);
      setHidden(list, rooms.length === 0);
      setHidden(none, rooms.length > 0);
      sync(rooms);
    },
    dispose() {},
  };
};
