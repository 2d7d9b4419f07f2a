import type { PresenceExchange, SightTold } from '../../../src/application/ports.js';

/** What is known of one member of a room; times are milliseconds since this process began, -Infinity for never. */
interface Sight {
  readonly roomId: string;
  readonly userId: string;
  member: SightTold['member'];
  visibleAt: number;
  hiddenAt: number;
  goneAt: number;
  toldNth: number;
}

/** A sound exchange for as many as are opened on one store, and the shortest that there is: all of it in memory. */
export class Sights {
  private readonly all = new Map<string, Sight>();
  private nth = 0;

  open(): PresenceExchange {
    let since = new Map<string, number>();
    return {
      swap: async (told, roomIds) => {
        this.nth += 1;
        for (const sight of told) this.add(sight);
        const learnt = [...this.all.values()].filter(
          ({ roomId, toldNth }) => roomIds.includes(roomId) && toldNth > (since.get(roomId) ?? 0),
        );
        since = new Map(roomIds.map((roomId) => [roomId, this.nth]));
        const ageOf = (at: number) => (at === -Infinity ? null : Math.round(performance.now() - at));
        return learnt.map(({ visibleAt, hiddenAt, goneAt, roomId, userId, member }) => ({
          roomId,
          userId,
          member,
          visibleAgeMs: ageOf(visibleAt),
          hiddenAgeMs: ageOf(hiddenAt),
          goneAgeMs: ageOf(goneAt),
        }));
      },
    };
  }

  private add({ roomId, userId, member, ...ages }: SightTold): void {
    const key = JSON.stringify([roomId, userId]);
    const known = this.all.get(key);
    const latest = (at = -Infinity, ageMs: number | null) =>
      ageMs === null ? at : Math.max(at, performance.now() - ageMs);
    this.all.set(key, {
      roomId,
      userId,
      member: member ?? known?.member ?? null,
      visibleAt: latest(known?.visibleAt, ages.visibleAgeMs),
      hiddenAt: latest(known?.hiddenAt, ages.hiddenAgeMs),
      goneAt: latest(known?.goneAt, ages.goneAgeMs),
      toldNth: this.nth,
    });
  }
}
