import type { RoomState } from '../domain/room.js';
import type { Asker } from './authenticate.js';
import type { Live } from './live/live.js';

/** All current rooms (requirements B04, C04), and which of them the asker is in. */
export class ListRooms {
  constructor(private readonly live: Live) {}

  /** The same array as long as no room changed. */
  async execute(asker: Asker): Promise<{ rooms: readonly RoomState[]; current: string | null }> {
    const rooms = await this.live.rooms();
    const { roomId } = asker.user;
    const outlook = roomId === null ? undefined : await this.live.outlook(roomId);
    return { rooms, current: outlook && outlook.room.deletedBy === null ? roomId : null };
  }
}
