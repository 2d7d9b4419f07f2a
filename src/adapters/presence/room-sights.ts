import { createHash } from 'node:crypto';
import type { Member, OnlineList, OnlineUser, Pace, PresenceTimes, Seat } from '../../application/ports.js';

/** A time before all others: those of what others saw may lie before this process began. */
export const NEVER = -Infinity;

/** What is known of one member. It is changed in place, at every poll. */
class Sight implements Seat {
  isTaken = true;
  /** When a tab asked that can be seen, and one that cannot. A tab in sight makes hidden ones unimportant. */
  visibleAt = NEVER;
  hiddenAt = NEVER;
  listed: 'online' | 'away' | null = null;

  constructor(
    private readonly room: RoomSights,
    readonly member: Member,
  ) {}

  get roomId(): string {
    return this.room.id;
  }

  seen(hidden: boolean, askedAt: number): void {
    this.room.note(this, hidden, askedAt);
  }

  online(): OnlineList {
    return this.room.online();
  }
}

/** When a member was seen, and left, as others told it. */
export interface Hearsay {
  readonly userId: string;
  readonly member: Member | null;
  readonly visibleAt: number;
  readonly hiddenAt: number;
  readonly goneAt: number;
}

const listOf = (users: readonly OnlineUser[]): OnlineList => ({
  version: createHash('sha256').update(JSON.stringify(users)).digest('base64url').slice(0, 16),
  users,
});

export const EMPTY = listOf([]);

const byName = (a: Sight, b: Sight): number =>
  a.member.username.toLowerCase() < b.member.username.toLowerCase() ? -1 : 1;

/** Hears that a member was seen, and whether that is news: the list may change by it. */
type Heard = (member: Member, hidden: boolean, askedAt: number, isNews: boolean) => void;

/**
 * The members of one room and when they were seen; its list is made anew only when it can have changed. Times are
 * milliseconds by a pace that never runs backwards, `NEVER` for what did not happen.
 */
export class RoomSights {
  private readonly sights = new Map<string, Sight>();
  private list = EMPTY;
  /** No one drops out of the list before this. */
  private holdsUntil = NEVER;

  constructor(
    readonly id: string,
    private readonly times: PresenceTimes,
    private readonly pace: Pick<Pace, 'now'>,
    private readonly heard: Heard | null = null,
  ) {}

  get isEmpty(): boolean {
    return this.sights.size === 0;
  }

  /** The member asked; it sits here from now on, if it did not before. */
  seen(member: Member, hidden: boolean, askedAt: number): Seat {
    const sight = this.sightOf(member);
    this.note(sight, hidden, askedAt);
    return sight;
  }

  /** A question that a later one of a tab in sight has overtaken says nothing: its member may have left between the two. */
  note(sight: Sight, hidden: boolean, askedAt: number): void {
    if (!sight.isTaken || askedAt < sight.visibleAt) return;
    const isNews = hidden ? sight.listed === null : sight.listed !== 'online';
    if (hidden) {
      sight.hiddenAt = Math.max(sight.hiddenAt, askedAt);
    } else {
      sight.visibleAt = askedAt;
      if (sight.hiddenAt <= askedAt) sight.hiddenAt = NEVER;
    }
    if (isNews) this.holdsUntil = NEVER;
    this.heard?.(sight.member, hidden, askedAt, isNews);
  }

  gone(userId: string): void {
    const sight = this.sights.get(userId);
    if (sight === undefined) return;
    sight.isTaken = false;
    this.sights.delete(userId);
    this.holdsUntil = NEVER;
  }

  /** Nobody sits here any more. */
  clear(): void {
    for (const userId of this.sights.keys()) this.gone(userId);
  }

  /** Adds what others saw; it may have been heard before, and does not undo what is known to be later. */
  hear({ userId, member, visibleAt, hiddenAt, goneAt }: Hearsay): void {
    const known = this.sights.get(userId);
    const latestSinceGone = (a = NEVER, b = NEVER): number =>
      Math.max(a, b) > goneAt ? Math.max(a, b) : NEVER;
    const visible = latestSinceGone(known?.visibleAt, visibleAt);
    const hidden = latestSinceGone(known?.hiddenAt, hiddenAt);
    if (visible === NEVER && hidden === NEVER) return this.gone(userId);
    const holder = known?.member ?? member;
    if (holder === null) return;
    const sight = this.sightOf(holder);
    const comesOnline = visible > sight.visibleAt && sight.listed !== 'online';
    const comesAway = hidden > sight.hiddenAt && sight.listed === null;
    // They left by the tab that was in sight; another, which is not, may have asked since.
    const isInSightNoMore = visible < sight.visibleAt;
    if (comesOnline || comesAway || isInSightNoMore) this.holdsUntil = NEVER;
    sight.visibleAt = visible;
    sight.hiddenAt = hidden > visible ? hidden : NEVER;
  }

  online(): OnlineList {
    const now = this.pace.now();
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

  lastSeen(userId: string): number | undefined {
    const sight = this.sights.get(userId);
    return sight && Math.max(sight.visibleAt, sight.hiddenAt);
  }

  private sightOf(member: Member): Sight {
    let sight = this.sights.get(member.userId);
    if (sight === undefined) {
      sight = new Sight(this, member);
      this.sights.set(member.userId, sight);
    }
    return sight;
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
