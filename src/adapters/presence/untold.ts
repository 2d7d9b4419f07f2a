import type { Member, SightTold } from '../../application/ports.js';
import { NEVER, type Hearsay } from './room-sights.js';

type Untold = { -readonly [field in keyof Hearsay]: Hearsay[field] } & { readonly roomId: string };

/** Whole milliseconds: an engine may keep no less. */
const ageOf = (at: number, now: number): number | null => (at === NEVER ? null : Math.round(now - at));

/** What was seen here and the other processes do not know yet. */
export class UntoldSights {
  private rooms = new Map<string, Map<string, Untold>>();

  seen(roomId: string, member: Member, hidden: boolean, at: number): void {
    this.add({
      roomId,
      userId: member.userId,
      member,
      visibleAt: hidden ? NEVER : at,
      hiddenAt: hidden ? at : NEVER,
      goneAt: NEVER,
    });
  }

  gone(roomId: string, userId: string, at: number): void {
    this.add({ roomId, userId, member: null, visibleAt: NEVER, hiddenAt: NEVER, goneAt: at });
  }

  /** Hands over what is to be told; `putBack` it if that could not be done. */
  take(): Untold[] {
    const all = [...this.rooms.values()].flatMap((members) => [...members.values()]);
    this.rooms = new Map();
    return all;
  }

  putBack(untold: readonly Untold[]): void {
    for (const sight of untold) this.add(sight);
  }

  private add(sight: Untold): void {
    let members = this.rooms.get(sight.roomId);
    if (members === undefined) {
      members = new Map();
      this.rooms.set(sight.roomId, members);
    }
    const known = members.get(sight.userId);
    if (known === undefined) {
      members.set(sight.userId, sight);
      return;
    }
    known.member ??= sight.member;
    known.visibleAt = Math.max(known.visibleAt, sight.visibleAt);
    known.hiddenAt = Math.max(known.hiddenAt, sight.hiddenAt);
    known.goneAt = Math.max(known.goneAt, sight.goneAt);
  }
}

/** Field by field: thousands are told at once, and to copy what is left of an object costs ten times as much. */
export const tell = (untold: Untold, now: number): SightTold => ({
  roomId: untold.roomId,
  userId: untold.userId,
  member: untold.member,
  visibleAgeMs: ageOf(untold.visibleAt, now),
  hiddenAgeMs: ageOf(untold.hiddenAt, now),
  goneAgeMs: ageOf(untold.goneAt, now),
});
