import type { Member, PresenceExchange, SightTold } from '../../src/application/ports.js';
import type { Connection, Reply } from './connection.js';
import { SWAP } from './scripts.js';

/** As a script keeps it; times are the server's. */
interface Sight {
  readonly member?: Member;
  readonly visible?: number;
  readonly hidden?: number;
  readonly gone?: number;
}

/** Sightings in a hash a room. Scripts run one after the other, so that nothing told can be missed by a later question. */
export const exchangeThrough = (connection: Connection, prefix: string): PresenceExchange => {
  const keyOf = (roomId: string) => `{${prefix}}:sights:${roomId}`;
  /** Since when the rooms named last time are to be read, by the server's clock. */
  let since = new Map<string, string>();
  return {
    async swap(told, roomIds, keptMs) {
      if (told.length === 0 && roomIds.length === 0) {
        since = new Map();
        return [];
      }
      const keys = [...told.map(({ roomId }) => keyOf(roomId)), ...roomIds.map(keyOf)];
      const values = [
        String(told.length),
        ...told.map((sight) => JSON.stringify(sight)),
        ...roomIds.map((roomId) => since.get(roomId) ?? '0'),
        String(keptMs),
      ];
      const [now, ...rooms] = (await connection.run(SWAP, keys, values)) as readonly Reply[];
      since = new Map(roomIds.map((roomId) => [roomId, now as string]));
      const ageOf = (at: number | undefined): number | null => (at === undefined ? null : Number(now) - at);
      return rooms.flatMap((fields, at): SightTold[] => {
        const flat = fields as readonly string[];
        return Array.from({ length: flat.length / 2 }, (_, nth) => {
          const { member, visible, hidden, gone } = JSON.parse(flat[2 * nth + 1]!) as Sight;
          return {
            roomId: roomIds[at]!,
            userId: flat[2 * nth]!,
            member: member ?? null,
            visibleAgeMs: ageOf(visible),
            hiddenAgeMs: ageOf(hidden),
            goneAgeMs: ageOf(gone),
          };
        });
      });
    },
  };
};
