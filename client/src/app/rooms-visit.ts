import type { Fault } from '../core/checks.js';
import { withRoom } from '../core/listing.js';
import type { Room, RoomsList, User } from '../core/wire.js';
import { elsewhereText } from '../core/words.js';
import type { Answer } from '../ports/api.js';
import { createRooms } from '../views/rooms.js';
import type { House, Visit, Ways } from './visit.js';

type Named = Pick<Room, 'id' | 'name'>;

export interface RoomsVisit extends Visit {
  /** Shows a notice, and that the user is in a room after all. */
  readonly resume: (elsewhere: Named | null, notice: string) => void;
}

/** Keeps the list as the server has it, and says so when the user is in a room in another tab. */
export const visitRooms = (house: House, ways: Ways, user: User): RoomsVisit => {
  const { requests, pursuit, shell, tabs, say } = house;
  let tag: string | null = null;
  let rooms: readonly Room[] = [];
  let elsewhere: Named | null = null;
  /** What is shown came a moment ago, and asks where the user is. */
  let fresh = false;

  const tell = (content: string | HTMLElement): void => {
    const room = elsewhere;
    if (room === null) return shell.alert(content);
    shell.alert(content || elsewhereText(room.name), [
      { name: `Go to ${room.name}`, run: () => ways.enter(user, room.id, true) },
      { name: `Leave ${room.name}`, run: () => ways.leave(user, room) },
    ]);
  };

  const isElsewhere = ({ rooms, current }: RoomsList): void => {
    if (current === (elsewhere?.id ?? null)) return;
    const room = rooms.find(({ id }) => id === (current ?? elsewhere?.id));
    elsewhere = current === null ? null : (room ?? null);
    // A room that is in no list was deleted with the user inside, who is told.
    if (room !== undefined) return tell('');
    fresh = true;
    ways.settle();
  };

  const hear = (answer: Answer<RoomsList>): void => {
    if (!answer.ok) return ways.refused(answer);
    if (answer.status === 304) return;
    tag = answer.tag;
    view.update((rooms = answer.body.rooms));
    isElsewhere(answer.body);
  };

  const create = async (name: string, capacity: number | undefined): Promise<Fault | null> => {
    const answer = await requests.createRoom(name, capacity);
    if (!answer.ok) return answer;
    const { room } = answer.body;
    // The next poll has the last word, whatever became of the list meanwhile.
    tag = null;
    view.update((rooms = withRoom(rooms, room)));
    say(`${room.name} is open. Join it to talk there.`);
    tabs.hint();
    pursuit.nudge();
    return null;
  };

  const removing = new Set<string>();

  /** Once, though it be clicked twice. */
  const remove = async (room: Room): Promise<void> => {
    if (removing.has(room.id)) return;
    removing.add(room.id);
    const answer = await requests.deleteRoom(room.id);
    removing.delete(room.id);
    if (here) tell(answer.ok ? '' : answer.message);
    if (answer.ok) say(`${room.name} was deleted.`);
    tabs.hint();
    pursuit.nudge();
  };

  const view = createRooms({
    alert: tell,
    join: (room) => ways.enter(user, room.id, true),
    remove: (room) => void remove(room),
    create,
  });
  let here = true;
  shell.show(view, user.username);

  return {
    view: 'rooms',
    resume(room, notice) {
      elsewhere = room;
      tag = null;
      tell(notice);
      pursuit.ask((signal) => requests.rooms(tag, signal), hear, { fresh });
      fresh = false;
    },
    nudge: pursuit.nudge,
    end() {
      here = false;
    },
  };
};
