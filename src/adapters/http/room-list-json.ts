import { createHash } from 'node:crypto';
import type { RoomState } from '../../domain/room.js';
import { memo } from './memo.js';
import { roomJson } from './rooms-and-users-json.js';
import { successJson } from './updates-json.js';

/** What the readers of a list have in common. */
interface Common {
  /** Each room as JSON, as whoever did not create it reads it. */
  readonly rooms: readonly string[];
  readonly text: string;
  readonly digest: string;
  readonly creators: ReadonlySet<string>;
}

const NOBODY = '';
const commons = new WeakMap<readonly RoomState[], Common>();

const write = (room: RoomState, readerId: string): string => JSON.stringify(roomJson(room, readerId));

const readCommon = (list: readonly RoomState[]): Common => {
  const rooms = list.map((room) => write(room, NOBODY));
  const text = rooms.join(',');
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return { rooms, text, digest, creators: new Set(list.map(({ creatorId }) => creatorId)) };
};

/** A list of rooms as its reader is shown it. */
export interface RoomList {
  /** An entity tag, weak because the text may be sent compressed. It differs wherever the text does. */
  readonly tag: string;
  /** The whole answer; made when it is asked for. */
  text(): string;
}

/**
 * What readers have in common is made once, as long as the list is the same array; of a reader's own are the rooms that
 * they created, and `current`.
 */
export const roomListJson = (
  list: readonly RoomState[],
  current: string | null,
  readerId: string,
): RoomList => {
  const { rooms, text, digest, creators } = memo(commons, list, readCommon);
  const isCreator = creators.has(readerId);
  const readRooms = (): string =>
    isCreator
      ? list.map((room, at) => (room.creatorId === readerId ? write(room, readerId) : rooms[at])).join(',')
      : text;
  return {
    tag: `W/"${digest}.${isCreator ? readerId : NOBODY}.${current ?? ''}"`,
    text: () =>
      successJson(
        list.length === 0 ? 'No rooms yet' : 'ROOMS',
        `"rooms":[${readRooms()}],"current":${JSON.stringify(current)}`,
      ),
  };
};
