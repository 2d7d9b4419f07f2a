import type { User } from '../core/wire.js';
import type { Kept } from '../ports/kept.js';
import { createEnding, type Ended } from '../views/ending.js';
import type { House, Visit } from './visit.js';

/** What was written in a room and never sent, in its order; the draft is the last. */
export const unsentIn = (kept: Kept): string[] => {
  const pending = kept.pending().map(({ text }) => text);
  return [...pending, kept.draft()].filter((text) => text.trim() !== '');
};

/** Stays with what ended until the user goes on. Nothing there is taken away by what another tab does: neither text nor a click. */
export const visitEnding = (
  { pursuit, shell }: House,
  user: User | null,
  ending: Ended,
  roomId?: string,
): Visit => {
  pursuit.stop();
  shell.show(createEnding(ending), user?.username ?? null);
  return { view: 'ending', roomId, nudge: pursuit.nudge };
};
