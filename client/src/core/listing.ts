import { foldCase } from '../../../src/domain/room-name.js';
import type { Room } from './wire.js';

/** By code units where the server goes by code points: its next answer has the last word. */
const keyOf = ({ name }: Room): string => foldCase(name);

/** The list with one more room, where the server will list it. */
export const withRoom = (rooms: readonly Room[], room: Room): Room[] =>
  [...rooms.filter(({ id }) => id !== room.id), room].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
