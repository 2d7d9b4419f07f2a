import { createHash } from 'node:crypto';
import type { Member, OnlineList, OnlineUser, Presence, PresenceTimes } from '../../application/ports.js';

interface Sight {
  readonly member: Member;
  /** When a tab asked that can be seen, and one that cannot; 0 for never. A tab in sight makes hidden ones unimportant. */
  visibleAt: number;
  hiddenAt: number;
  listed: 'online' | 'away' | null;
}

const listOf = (users: readonly OnlineUser[]): OnlineList => ({
  version: createHash('sha256').update(JSON.stringify(users)).digest('base64url').slice(0, 16),
  users,
});

const EMPTY = listOf([]);

const byName = (a: Sight, b: Sight): number =>
  a.member.username.toLowerCase() < b.member.username.toLowerCase() ? -1 : 1;

/** The members of one room and when they were seen; its list is made anew only when it can have changed. */
class RoomSights {
  readonly sights = new Map<string, Sight>();
  private list = EMPTY;
  /** No one drops out of the list before this. */
  private holdsUntil = 0;

  constructor(private readonly times: PresenceTimes) {}

  outdate(): void {
    this.holdsUntil = 0;
  }

  seen(member: Member, hidden: boolean, now: number): void {
    let sight = this.sights.get(member.userId);
    if (sight === undefined) {
      sight = { member, visibleAt: 0, hiddenAt: 0, listed: null };
      this.sights.set(member.userId, sight);
    }
    if (hidden) {
      sight.hiddenAt = now;
      if (sight.listed === null) this.outdate();
    } else {
      sight.visibleAt = now;
      sight.hiddenAt = 0;
      if (sight.listed !== 'online') this.outdate();
    }
  }

  online(now: number): OnlineList {
    if (now < this.holdsUntil) return this.list;
    this.holdsUntil = Infinity;
    const users = [...this.sights.values()]
      .filter((sight) => this.place(sight, now))
      .sort(byName)
      .map(({ member: { username, guest }, listed }) => ({ username, guest, away: listed === 'away' }));
    const list = listOf(users);
    if (list.version !== this.list.version) this.list = list;
    return this.list;
  }

  /** Decides whether the member is listed, and as what. */
  private place(sight: Sight, now: number): boolean {
    const onlineUntil = sight.visibleAt + this.times.onlineTtlMs;
    const awayUntil = sight.hiddenAt + this.times.awayTtlMs;
    sight.listed = now < onlineUntil ? 'online' : now < awayUntil ? 'away' : null;
    if (sight.listed === 'online') this.holdsUntil = Math.min(this.holdsUntil, onlineUntil);
    if (sight.listed === 'away') this.holdsUntil = Math.min(this.holdsUntil, awayUntil);
    return sight.listed !== null;
  }
}

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
    if (!room?.sights.delete(userId)) return;
    room.outdate();
    if (room.sights.size === 0) this.rooms.delete(roomId);
  }

  online(roomId: string, now: number): OnlineList {
    return this.rooms.get(roomId)?.online(now) ?? EMPTY;
  }

  lastSeen(roomId: string, userId: string): number | undefined {
    const sight = this.rooms.get(roomId)?.sights.get(userId);
    return sight && Math.max(sight.visibleAt, sight.hiddenAt);
  }
}
