import { readRoomId } from '../domain/opaque-id.js';
import { noSuchRoom, roomDeleted, type Room } from '../domain/room.js';
import { askerIn, type Asker } from './authenticate.js';
import type { Departure } from './end-session.js';
import type { Live } from './live/live.js';
import type { Clock, Outlook, Presence, Repositories, Rules, UnitOfWork } from './ports.js';
import type { ReadUpdates, Updates } from './read-updates.js';
import type { Sightings } from './sightings.js';
import type { TakePart } from './take-part.js';

/** Going into a room: one at a time, and no more than it holds (requirements B06, B10, C09). */
export class EnterRoom {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly live: Live,
    private readonly takePart: TakePart,
    private readonly readUpdates: ReadUpdates,
    private readonly presence: Presence,
    private readonly sightings: Sightings,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /**
   * Entering the room that one is in changes nothing.
   * @throws {DomainError} `invalid-room-id`, `no-such-room`, `room-deleted`, `in-another-room`, `room-full`
   */
  async execute(asker: Asker, id: unknown): Promise<{ outlook: Outlook; updates: Updates }> {
    const roomId = readRoomId(id);
    const departures = await this.storage.transact(async (to) => {
      const user = await askerIn(to, asker);
      const room = await to.rooms.get(roomId);
      if (room === null) throw noSuchRoom();
      room.requireOpen();
      const left: Departure[] = [];
      if (user.isIn(roomId)) return left;
      const present = user.roomId === null ? null : await to.rooms.get(user.roomId);
      // Before a place is made, for which members are looked at whom others wait for.
      user.requireFree(present);
      const evicted = room.isFull ? await this.makePlace(to, room) : null;
      if (evicted !== null) left.push(evicted);
      if (present !== null) left.push({ userId: user.id, roomId: present.id });
      user.enter(room, present);
      if (present !== null) await to.rooms.save(present);
      await to.rooms.save(room);
      await to.users.save(user);
      return left;
    });
    for (const left of departures) this.presence.gone(left.roomId, left.userId);
    const outlook = await this.live.outlook(roomId);
    if (outlook === undefined) throw noSuchRoom();
    if (outlook.room.deletedBy !== null) throw roomDeleted(outlook.room);
    const online = this.takePart.execute(asker, roomId, false);
    const updates = await this.readUpdates.execute(outlook, null, online);
    return { outlook, updates };
  }

  /**
   * A full room gives away the place of the member who has been away the longest, once that is long enough. Another
   * process may have seen a member later than this one did: what it stored counts as well.
   */
  private async makePlace(to: Repositories, room: Room): Promise<Departure | null> {
    const now = this.clock.now();
    const keptSince = now - this.rules.placeKeptMs;
    let longest: { userId: string; seenAt: number } | null = null;
    for (const { id: userId } of await to.users.inRoom(room.id)) {
      const seenHere = now - (this.presence.lastSeenAgo(room.id, userId) ?? now);
      if (seenHere > keptSince) continue;
      const session = (await to.sessions.liveOf(userId))?.state;
      const seenAt = session ? Math.max(seenHere, session.seenAt, this.sightings.of(session.id)) : seenHere;
      if (seenAt <= keptSince && (longest === null || seenAt < longest.seenAt)) longest = { userId, seenAt };
    }
    if (longest === null) return null;
    const user = (await to.users.get(longest.userId))!;
    user.leave(room);
    await to.users.save(user);
    return { userId: user.id, roomId: room.id };
  }
}
