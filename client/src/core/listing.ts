import { foldCase } from '../../../src/domain/room-name.js';
import type { Room } from './wire.js';

/**
 * The list with one more room, where the server will list it: by code units where the server goes by code points, whose next
 * answer has the last word.
 */
export const withRoom = (rooms: readonly Room[], room: Room): Room[] =>
  [...rooms.filter(({ id }) => id !== room.id), room].sort((a, b) =>
    foldCase(a.name) < foldCase(b.name) ? -1 : 1,
  );
