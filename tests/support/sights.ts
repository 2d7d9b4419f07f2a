import type { Member, SightTold } from '../../src/application/ports.js';

export const ALICE: Member = { userId: 'alice', username: 'Alice “A” 😀', guest: true };

/** What one process tells another of Alice in the room “tea”, unless it is said to be of others: nothing but what is given. */
export const told = (what: Partial<SightTold>): SightTold => ({
  roomId: 'tea',
  userId: ALICE.userId,
  member: ALICE,
  visibleAgeMs: null,
  hiddenAgeMs: null,
  goneAgeMs: null,
  ...what,
});
