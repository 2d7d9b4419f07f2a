import type { Member, OnlineList, Presence, PresenceTimes } from '../../application/ports.js';
import { EMPTY, RoomSights } from './room-sights.js';

/** Who is online, where one process serves everybody. */
export class PresenceInProcess implements Presence {
  private readonly rooms = new Map<string, RoomSights>();

  constructor(private readonly times: PresenceTimes) {}

  seen(roomId: string, member: Member, hidden: boolean, now: number): void {
    let room = this.rooms.get(roomId);
    if (room === undefined) {
      room = new RoomSights(this.times);
      this.rooms.set(roomId, room);
    }
    room.seen(member, hidden, now);
  }

  gone(roomId: string, userId: string): void {
    const room = this.rooms.get(roomId);
    room?.gone(userId);
    if (room?.isEmpty) this.rooms.delete(roomId);
  }

  online(roomId: string, now: number): OnlineList {
    return this.rooms.get(roomId)?.online(now) ?? EMPTY;
  }

  lastSeen(roomId: string, userId: string): number | undefined {
    return this.rooms.get(roomId)?.lastSeen(userId);
  }
}
