import type { RoomState } from '../../domain/room.js';
import type { UserState } from '../../domain/user.js';
import { timeJson } from './json.js';

/** A room as its reader sees it; of a deleted one, only what there is to tell. */
export const roomJson = (room: RoomState, readerId: string) =>
  room.deletedBy === null
    ? {
        id: room.id,
        name: room.name,
        creator: room.creator,
        mine: room.creatorId === readerId,
        members: room.members,
        capacity: room.capacity,
        createdAt: timeJson(room.createdAt),
      }
    : { id: room.id, name: room.name, deleted: true, deletedBy: room.deletedBy };

export const userJson = ({ id, username, passwordHash }: UserState) => ({
  id,
  username,
  guest: passwordHash === null,
});
