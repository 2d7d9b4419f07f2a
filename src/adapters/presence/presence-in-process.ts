import type { Member, OnlineList, Pace, Presence, PresenceTimes, Seat } from '../../application/ports.js';
import { Departures } from './departures.js';
import { EMPTY, RoomSights } from './room-sights.js';

/** Who is online, where one process serves everybody. */
export class PresenceInProcess implements Presence {
  private readonly rooms = new Map<string, RoomSights>();

  private readonly departures = new Departures();

  constructor(
    private readonly times: PresenceTimes,
    private readonly pace: Pick<Pace, 'now'>,
  ) {}

  now(): number {
    return this.pace.now();
  }

  seen(roomId: string, member: Member, hidden: boolean, askedAt: number): Seat | null {
    if (this.departures.of(roomId, member.userId) > askedAt) return null;
    let room = this.rooms.get(roomId);
    if (room === undefined) {
      room = new RoomSights(roomId, this.times, this.pace);
      this.rooms.set(roomId, room);
    }
    return room.seen(member, hidden, askedAt);
  }

  gone(roomId: string, userId: string): void {
    this.departures.note(roomId, userId, this.pace.now());
    const room = this.rooms.get(roomId);
    room?.gone(userId);
    if (room?.isEmpty) this.rooms.delete(roomId);
  }

  online(roomId: string): OnlineList {
    return this.rooms.get(roomId)?.online() ?? EMPTY;
  }

  lastSeenAgo(roomId: string, userId: string): number | undefined {
    const at = this.rooms.get(roomId)?.lastSeen(userId);
    return at === undefined ? undefined : this.pace.now() - at;
  }
}
