/** A message that the server has not acknowledged. Its id is minted once: a retry with it is never a second message. */
export interface Pending {
  readonly id: string;
  readonly text: string;
  /** When it was written, in milliseconds, no two alike: the order in which messages leave. */
  readonly writtenAt: number;
  /** Why the server refused it; such a message waits for its author's decision. */
  readonly refused?: string | undefined;
  /** How often it left and was neither stored nor refused, as far as is known. */
  readonly failures: number;
  readonly notBefore: number;
}

export interface Outbox {
  readonly pending: readonly Pending[];
  /** The one on its way. */
  readonly sending: string | null;
}

const change = (outbox: Outbox, id: string, how: Partial<Pending>): Outbox => ({
  ...outbox,
  pending: outbox.pending.map((one) => (one.id === id ? { ...one, ...how } : one)),
});

export const write = (outbox: Outbox, id: string, text: string, now: number): Outbox => {
  const writtenAt = Math.max(now, (outbox.pending.at(-1)?.writtenAt ?? 0) + 1);
  return { ...outbox, pending: [...outbox.pending, { id, text, writtenAt, failures: 0, notBefore: 0 }] };
};

/** The oldest that was not refused: one at a time, so that none overtakes another. */
export const next = (outbox: Outbox): Pending | null =>
  outbox.sending === null ? (outbox.pending.find((one) => one.refused === undefined) ?? null) : null;

export const leave = (outbox: Outbox, id: string): Outbox => ({ ...outbox, sending: id });

/** Its request has ended, one way or another: the next may leave. */
export const land = (outbox: Outbox): Outbox => ({ ...outbox, sending: null });

/** Acknowledged, seen in the log, or discarded by its author. If its request is still out, the next waits for that. */
export const drop = (outbox: Outbox, id: string): Outbox => ({
  ...outbox,
  pending: outbox.pending.filter((one) => one.id !== id),
});

export const refuse = (outbox: Outbox, id: string, reason: string): Outbox =>
  change(outbox, id, { refused: reason });

/** Not confirmed: it may have been stored or not, and only asking again with the same id can tell. */
export const postpone = (outbox: Outbox, { id, failures }: Pending, until: number): Outbox =>
  change(outbox, id, { failures: failures + 1, notBefore: until });

export const tryAgain = (outbox: Outbox, id: string): Outbox =>
  change(outbox, id, { refused: undefined, notBefore: 0 });

/** Something says that the server can be reached again. */
export const hurry = (outbox: Outbox): Outbox => ({
  ...outbox,
  pending: outbox.pending.map((one) => ({ ...one, notBefore: 0 })),
});

/** What was kept across a reload, in the order it was written. */
export const restore = (pending: readonly Pending[]): Outbox => hurry({ sending: null, pending });
