import type { Repositories } from '../../../application/ports.js';
import { MessageLog } from '../../../domain/message-log.js';
import { Room } from '../../../domain/room.js';
import { Session } from '../../../domain/session.js';
import { User } from '../../../domain/user.js';
import { whileOpen } from '../while-open.js';
import { receiptKey, SharedRows, type Kind, type StateOf } from './shared-rows.js';
import type { Transaction } from './transaction.js';
import type { LogChange } from './trimming.js';

/** One who waits for a unit of work. */
export interface Unit {
  work(to: Repositories): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface Decided {
  /** For those whose work was done, or refused; to be called once all of it is committed. */
  readonly outcomes: readonly { readonly unit: Unit; tell(): void }[];
  /** Those that need a transaction of their own: nothing of theirs was done. */
  readonly alone: ReadonlySet<Unit>;
}

const afterAllThatIsReady = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Means {
  get<K extends Kind>(kind: K, key: string): Promise<StateOf<K> | null>;
  save(log: MessageLog): void;
  /** @throws always */
  alone(): never;
}

/** Posting needs no more than this; whatever does needs a transaction of its own. */
const repositoriesBy = ({ get, save, alone }: Means): Repositories => {
  const refuse = async (): Promise<never> => alone();
  const own = <S, A>(build: new (state: S) => A, state: S | null): A | null => state && new build(state);
  return {
    sessions: {
      get: async (id) => own(Session, await get('sessions', id)),
      liveOf: refuse,
      save: refuse,
      forget: refuse,
    },
    users: {
      get: async (id) => own(User, await get('users', id)),
      named: refuse,
      inRoom: refuse,
      save: refuse,
      remove: refuse,
    },
    rooms: { get: async (id) => own(Room, await get('rooms', id)), named: refuse, save: refuse },
    logs: {
      get: async (roomId) => own(MessageLog, await get('logs', roomId)),
      receipt: (...key) => get('receipts', receiptKey(...key)),
      save: async (log) => save(log),
    },
  };
};

/**
 * Does units of work one after the other in one transaction, with the round trips of one: each is run first for what it
 * asks for, all at once, so that rows of one kind are got for all in one statement; and then in turn on what was got, where
 * each finds what the one before it did. Of a unit that fails nothing is kept, and so nothing need be rolled back.
 */
export const decideTogether = async (transaction: Transaction, units: readonly Unit[]): Promise<Decided> => {
  const rows = new SharedRows(transaction);
  const alone = new Set<Unit>();
  await find(rows, units, alone);
  const outcomes: { unit: Unit; tell: () => void }[] = [];
  for (const unit of units) {
    if (alone.has(unit)) continue;
    const tell = await decide(rows, unit, () => alone.add(unit));
    if (!alone.has(unit)) outcomes.push({ unit, tell });
  }
  rows.store();
  return { outcomes, alone };
};

class NeedsItsOwn extends Error {
  override readonly message = 'this unit of work needs a transaction of its own';
}

const find = async (rows: SharedRows, units: readonly Unit[], alone: Set<Unit>): Promise<void> => {
  const unfinished = new Set(units);
  const handles = units.map((unit) => {
    const leave = (): never => {
      alone.add(unit);
      throw new NeedsItsOwn();
    };
    const handle = whileOpen(
      repositoriesBy({
        get: (kind, key) => (rows.comesTooLate(kind, key) ? leave() : rows.want(kind, key)),
        save: ({ head }) => {
          const before = rows.known('logs', head.roomId);
          if (!before || before.epoch !== head.epoch || head.closed) leave();
        },
        alone: leave,
      }),
    );
    // What comes of it does not count: it is run again on what it found.
    const finished = (): boolean => unfinished.delete(unit);
    unit.work(handle.opened).then(finished, finished);
    return handle;
  });
  try {
    do await afterAllThatIsReady();
    while (unfinished.size > 0 && (await rows.load()));
    // Whoever is not done by now waits for something else, perhaps for one of the others.
    for (const unit of unfinished) alone.add(unit);
  } finally {
    for (const { close } of handles) close();
  }
};

/** @returns what to call once it is committed */
const decide = async (rows: SharedRows, unit: Unit, leave: () => void): Promise<() => void> => {
  const changes = new Map<string, LogChange>();
  const alone = (): never => {
    leave();
    throw new NeedsItsOwn();
  };
  const handle = whileOpen(
    repositoriesBy({
      get: async <K extends Kind>(kind: K, key: string) => {
        const own = kind === 'logs' ? changes.get(key)?.head : undefined;
        const state = (own as StateOf<K> | undefined) ?? rows.known(kind, key);
        return state === undefined || (kind === 'receipts' && changes.size > 0) ? alone() : state;
      },
      save: (log) => {
        const { head, receiptFloor: floor } = log;
        const before = rows.known('logs', head.roomId);
        if (!before || before.epoch !== head.epoch || head.closed) return alone();
        const appended = [...(changes.get(head.roomId)?.appended ?? []), ...log.takeAppended()];
        changes.set(head.roomId, { head, appended, floor });
      },
      alone,
    }),
  );
  let tell: (() => void) | null = null;
  const done = unit.work(handle.opened).then(
    (result) => {
      tell ??= () => unit.resolve(result);
      return true;
    },
    (error: unknown) => {
      tell ??= () => unit.reject(error);
      return false;
    },
  );
  const isDone = await Promise.race([done, afterAllThatIsReady()]);
  handle.close();
  if (isDone === true) for (const change of changes.values()) rows.accept(change);
  // It waits for something that it did not wait for the first time.
  if (isDone === undefined) leave();
  return tell ?? (() => undefined);
};
