import type {
  Member,
  OnlineList,
  Pace,
  Presence,
  PresenceExchange,
  PresenceTimes,
  Seat,
  SightTold,
} from '../../application/ports.js';
import { Departures } from './departures.js';
import { NEVER, RoomSights } from './room-sights.js';
import { tell, UntoldSights } from './untold.js';

/** How often processes tell each other whom they saw, and how soon where somebody came or went. */
const PERIOD_MS = 500;
const SOON_MS = 20;
/** Rooms that nobody asked about here for so long are not asked about any more. */
const ASKED_LATELY_MS = 60_000;

/**
 * For how long others are to know what was told: twice as long as it can count, since a member is told of again only when
 * it asks again; and long enough for whoever was cut off for some minutes.
 */
const KEPT_MS = 600_000;

interface Room {
  readonly sights: RoomSights;
  askedAt: number;
}

/**
 * Who is online, where several processes serve everybody. Every question is answered from what is known here; behind
 * that, processes swap what they saw. A member whose polls are spread over all of them is so never older in any list than
 * two periods and one poll, well within the time that it counts as online.
 */
export class PresenceExchanged implements Presence {
  private readonly rooms = new Map<string, Room>();
  private readonly untold = new UntoldSights();
  /** What others saw before somebody left here does not bring them back either, though they do not know it yet. */
  private readonly departures = new Departures();
  private timer: NodeJS.Timeout | undefined;
  private swapDueAt = Infinity;
  private isSwapping = false;
  private isStopped = false;
  /** How many rooms were named in the last swap: of those, only what is new is told in the next. */
  private named = 0;
  private readonly keptMs: number;

  /** Swaps from now on until `stop`. */
  constructor(
    private readonly exchange: PresenceExchange,
    private readonly times: PresenceTimes,
    private readonly pace: Pick<Pace, 'now'>,
  ) {
    this.keptMs = Math.max(KEPT_MS, 2 * times.onlineTtlMs, 2 * times.awayTtlMs);
    this.swapWithin(PERIOD_MS);
  }

  now(): number {
    return this.pace.now();
  }

  seen(roomId: string, member: Member, hidden: boolean, askedAt: number): Seat | null {
    if (this.departures.of(roomId, member.userId) > askedAt) return null;
    return this.asked(roomId, askedAt).sights.seen(member, hidden, askedAt);
  }

  gone(roomId: string, userId: string): void {
    const now = this.pace.now();
    this.untold.gone(roomId, userId, now);
    this.departures.note(roomId, userId, now);
    this.rooms.get(roomId)?.sights.gone(userId);
    this.swapWithin(SOON_MS);
  }

  online(roomId: string): OnlineList {
    return this.asked(roomId, this.pace.now()).sights.online();
  }

  lastSeenAgo(roomId: string, userId: string): number | undefined {
    const at = this.rooms.get(roomId)?.sights.lastSeen(userId);
    return at === undefined ? undefined : this.pace.now() - at;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private asked(roomId: string, now: number): Room {
    let room = this.rooms.get(roomId);
    if (room === undefined) {
      room = this.newRoom(roomId);
      this.rooms.set(roomId, room);
      this.swapWithin(SOON_MS);
    }
    room.askedAt = now;
    return room;
  }

  private newRoom(roomId: string): Room {
    const room: Room = {
      askedAt: NEVER,
      sights: new RoomSights(roomId, this.times, this.pace, (member, hidden, askedAt, isNews) => {
        room.askedAt = askedAt;
        this.untold.seen(roomId, member, hidden, askedAt);
        if (isNews) this.swapWithin(SOON_MS);
      }),
    };
    return room;
  }

  private swapWithin(ms: number): void {
    const dueAt = performance.now() + ms;
    if (this.isStopped || dueAt >= this.swapDueAt) return;
    this.swapDueAt = dueAt;
    if (this.isSwapping) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.swap(), ms).unref();
  }

  private async swap(): Promise<void> {
    this.isSwapping = true;
    this.swapDueAt = Infinity;
    const untold = this.untold.take();
    const startedAt = this.pace.now();
    this.tidy(startedAt);
    try {
      const told = untold.map((sight) => tell(sight, startedAt));
      const roomIds = [...this.rooms.keys()];
      if (told.length + roomIds.length + this.named > 0) {
        const learnt = await this.exchange.swap(told, roomIds, this.keptMs);
        const now = this.pace.now();
        this.named = roomIds.length;
        for (const sight of learnt) this.learn(sight, now);
      }
    } catch {
      // Whoever asks storage is told that it is away; here everything waits to be told when it is back.
      this.untold.putBack(untold);
    } finally {
      this.isSwapping = false;
      const due = this.swapDueAt - performance.now();
      this.swapDueAt = Infinity;
      this.swapWithin(Math.max(SOON_MS, Math.min(PERIOD_MS, due)));
    }
  }

  private learn(told: SightTold, now: number): void {
    const { roomId, userId, member } = told;
    const room = this.rooms.get(roomId);
    const at = (ageMs: number | null): number => (ageMs === null ? NEVER : now - Math.max(0, ageMs));
    room?.sights.hear({
      userId,
      member,
      visibleAt: at(told.visibleAgeMs),
      hiddenAt: at(told.hiddenAgeMs),
      goneAt: Math.max(at(told.goneAgeMs), this.departures.of(roomId, userId)),
    });
  }

  private tidy(now: number): void {
    for (const [roomId, { sights, askedAt }] of this.rooms) {
      if (now - askedAt <= ASKED_LATELY_MS) continue;
      sights.clear();
      this.rooms.delete(roomId);
    }
  }
}
