import type { Standing } from '../ports.js';
import type { Callers } from './callers.js';
import type { Shelf } from './fresh.js';

/** Keeps what was read of sessions with those who ask. */
export const standingsShelf = (callers: Callers): Shelf<Standing> => ({
  get: (id) => callers.find(id)?.standing,
  set(id, standing) {
    callers.of(id).standing = standing;
  },
  delete(id) {
    const caller = callers.find(id);
    if (caller !== undefined) caller.standing = undefined;
  },
  clear() {
    for (const caller of callers) caller.standing = undefined;
  },
  *[Symbol.iterator]() {
    for (const { sessionId, standing } of callers) {
      if (standing !== undefined) yield [sessionId, standing];
    }
  },
});
