import { setTimeout as pause } from 'node:timers/promises';
import type { LogRepository, UnitOfWork } from '../../src/application/ports.js';
import { DomainError } from '../../src/domain/domain-error.js';
import { MessageLog, type Draft, type Entry, type LogHead } from '../../src/domain/message-log.js';
import { Room } from '../../src/domain/room.js';
import { Session } from '../../src/domain/session.js';
import { User } from '../../src/domain/user.js';

export const NOW = Date.UTC(2026, 0, 5, 9);
export const HOUR = 60 * 60 * 1000;
export const EPOCH = 'first-epoch';
/** A history so long that nothing is trimmed. */
const ALL = 1_000_000;

/** Longer than any engine needs to do what it does at once, and shorter than a held transaction may last. */
export const A_MOMENT_MS = 400;
export const aMoment = () => pause(A_MOMENT_MS);

export const account = (username: string, id = `id-of-${username}`): User =>
  User.account(id, { shown: username, key: username.toLowerCase() }, 'a hash', NOW);

export const guest = (username: string, id = `id-of-${username}`): User =>
  User.guest(id, { shown: username, key: username.toLowerCase() }, NOW);

export const session = (id: string, userId: string, startedAt = NOW): Session =>
  Session.begin(id, userId, startedAt);

export const namedRoom = (name: string, { id = `id-of-${name}`, capacity = 50 } = {}): Room =>
  Room.create(
    { id, name: { shown: name, key: name.toLowerCase() }, capacity },
    { id: 'id-of-creator', username: 'creator' },
    NOW,
  );

export const creator = { id: 'id-of-creator', username: 'creator' };

/** A room and its log, as the use case that creates rooms stores them. */
export const openRoom = async (
  storage: UnitOfWork,
  id: string,
  room = namedRoom(id, { id }),
): Promise<void> => {
  await storage.transact(async (to) => {
    await to.rooms.save(new Room(room.state));
    await to.logs.save(MessageLog.open(id, EPOCH));
  });
};

export const draft = (text: string, { by = 'id-of-alice', key = `key of ${text}` } = {}): Draft => ({
  authorId: by,
  author: 'alice',
  guest: false,
  text,
  clientMessageId: key,
  digest: `digest of ${text}`,
});

export interface Saying {
  readonly by?: string;
  readonly key?: string;
  readonly at?: number;
  readonly history?: number;
}

/** Appends to a log that was got or opened in this transaction. */
export const sayIn = async (
  logs: LogRepository,
  roomId: string,
  text: string,
  { at = NOW, history = ALL, ...from }: Saying = {},
): Promise<Entry> => {
  const appended = draft(text, from);
  const [log, receipt] = await Promise.all([
    logs.get(roomId),
    logs.receipt(roomId, appended.authorId, appended.clientMessageId),
  ]);
  if (log === null) throw new Error(`no log of ${roomId}`);
  if (receipt !== null) {
    const { digest: _, ...message } = appended;
    return { ...message, seq: receipt.seq, kind: 'message', at: receipt.at };
  }
  const entry = log.append(appended, at, history);
  await logs.save(log);
  return entry;
};

/** One post, as the use case does it: a retry finds the receipt. */
export const say = (storage: UnitOfWork, roomId: string, text: string, saying?: Saying): Promise<Entry> =>
  storage.transact((to) => sayIn(to.logs, roomId, text, saying));

/** What anyone who reads a whole log sees of it. */
export const readLog = (
  storage: UnitOfWork,
  roomId: string,
): Promise<{ head: LogHead; entries: readonly Entry[] }> =>
  storage.read(async (from) => {
    const [outlook] = await from.outlooks([{ roomId, epoch: '', after: 0 }], 1);
    if (outlook === undefined) throw new Error(`no room ${roomId}`);
    return { head: outlook.head, entries: await from.entries(roomId, 0, 100_000) };
  });

export const textsOf = async (storage: UnitOfWork, roomId: string): Promise<string[]> =>
  (await readLog(storage, roomId)).entries.map(({ text }) => text);

export const numbersOf = async (storage: UnitOfWork, roomId: string): Promise<number[]> =>
  (await readLog(storage, roomId)).entries.map(({ seq }) => seq);

/** From 1 to `last`. */
export const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** How a promise ended: its value, or the code of the rule that said no, or any other failure. */
export const outcome = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    return await promise;
  } catch (error) {
    return error instanceof DomainError ? error.code : 'failed';
  }
};

/** What a use case throws when it changes its mind. */
export const secondThoughts = (): DomainError =>
  new DomainError('conflict', 'second-thoughts', 'Changed its mind.');

/** Does the work, and takes it back. */
export const takeBack = async (
  storage: UnitOfWork,
  work: Parameters<UnitOfWork['transact']>[0],
): Promise<unknown> =>
  outcome(
    storage.transact(async (to) => {
      await work(to);
      throw secondThoughts();
    }),
  );

/** Fails where the promise takes longer than anything here may. */
export const within = async <T>(ms: number, promise: Promise<T>, complaint: string): Promise<T> => {
  const waiting = new AbortController();
  const late = pause(ms, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(complaint);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    waiting.abort();
  }
};

/** A promise, and what fulfils it. */
export const gate = (): { readonly opened: Promise<void>; open(): void } => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
};
