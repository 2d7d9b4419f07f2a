import { backoffMs } from '../core/backoff.js';
import * as outboxes from '../core/outbox.js';
import type { Outbox, Pending } from '../core/outbox.js';
import { NOT_SENT } from '../core/words.js';
import { isAboutRequest, isPassing, type Answer, type Failure } from '../ports/api.js';
import type { Clock } from '../ports/clock.js';
import type { Kept } from '../ports/kept.js';

export interface Sender {
  readonly write: (text: string) => void;
  readonly tryAgain: (id: string) => void;
  /** Not what is on its way: it may be in the log by now, and nobody is to be told that it is gone. */
  readonly discard: (id: string) => void;
  /** These stand in the log now. */
  readonly arrived: (ids: readonly string[]) => void;
  readonly nudge: () => void;
  readonly stop: () => void;
}

export interface SenderNeeds<T> {
  readonly clock: Clock;
  readonly kept: Kept;
  readonly newId: () => string;
  readonly intervalMs: number;
  readonly post: (message: Pending) => Promise<Answer<T>>;
  readonly changed: (outbox: Outbox) => void;
  readonly refused: (failure: Failure) => void;
}

/** Sends what was written, one at a time in the order of writing, until it is acknowledged, refused or discarded. */
export const createSender = <T>(needs: SenderNeeds<T>): Sender => {
  const { clock, kept } = needs;
  let outbox = outboxes.restore(kept.pending());
  let cancel = () => {};
  let over = false;

  const become = (next: Outbox): void => {
    outbox = next;
    if (!over) needs.changed(outbox);
  };

  const work = (): void => {
    cancel();
    const one = outboxes.next(outbox);
    if (over || one === null) return;
    const wait = one.notBefore - clock.now();
    if (wait > 0) {
      cancel = clock.after(wait, work);
    } else if (!kept.hasPending(one.id)) {
      // Another tab, which shares what is kept, has sent or discarded it.
      become(outboxes.drop(outbox, one.id));
      work();
    } else {
      void send(one);
    }
  };

  const send = async (one: Pending): Promise<void> => {
    become(outboxes.leave(outbox, one.id));
    const answer = await needs.post(one);
    outbox = outboxes.land(outbox);
    if (answer.ok) {
      kept.dropPending(one.id);
      become(outboxes.drop(outbox, one.id));
    } else if (isPassing(answer)) {
      const wait = Math.max(
        backoffMs(one.failures + 1, needs.intervalMs, clock.random()),
        answer.retryAfterMs,
      );
      become(outboxes.postpone(outbox, one, clock.now() + wait));
    } else {
      // That its author was not there is not true any more when they read this.
      const why = isAboutRequest(answer) ? answer.message : NOT_SENT;
      if (kept.hasPending(one.id)) kept.keepPending({ ...one, refused: why });
      become(outboxes.refuse(outbox, one.id, why));
      if (!over) needs.refused(answer);
    }
    work();
  };

  const remove = (id: string): void => {
    kept.dropPending(id);
    become(outboxes.drop(outbox, id));
  };

  needs.changed(outbox);
  work();

  return {
    write(text) {
      const id = needs.newId();
      const next = outboxes.write(outbox, id, text, clock.today());
      kept.keepPending(next.pending.at(-1)!);
      become(next);
      work();
    },
    tryAgain(id) {
      become(outboxes.tryAgain(outbox, id));
      const one = outbox.pending.find((pending) => pending.id === id);
      if (one) kept.keepPending(one);
      work();
    },
    discard(id) {
      if (id === outbox.sending) return;
      remove(id);
      work();
    },
    arrived(ids) {
      ids.forEach(remove);
      work();
    },
    nudge() {
      outbox = outboxes.hurry(outbox);
      work();
    },
    stop() {
      over = true;
      cancel();
    },
  };
};
