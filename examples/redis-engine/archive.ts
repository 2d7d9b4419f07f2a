import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Materials } from '../../src/adapters/storage/materials.js';
import type {
  Archive,
  ArchiveReader,
  ArchiveWriter,
  Kind,
  RecordKey,
  Records,
} from '../../src/application/archive.js';
import {
  behind,
  endedKey,
  entryKey,
  liveKey,
  logKey,
  NOTE,
  postKey,
  presentKey,
  receiptKey,
  roomKey,
  roomNameKey,
  sessionKey,
  under,
  userKey,
  usernameKey,
} from './keys.js';
import { HOLD_AGAIN_MS, type Store } from './store.js';
import { pagesOf, Transaction, View } from './view.js';

const LOCK_PAUSE_MS = 20;
/** How long another's lock is waited for, in milliseconds. */
const LOCK_PATIENCE_MS = 60_000;

/** Everything but the note. */
const ALL = [
  'user',
  'username',
  'present',
  'session',
  'live',
  'ended',
  'room',
  'room name',
  'log',
  'entry',
  'receipt',
  'post',
];

/** Where a record lies, and what it is found by: each with what it points to. */
const placeOf: {
  [kind in Kind]: (record: Records[kind]) => { key: string; pointers: [string, string | number][] };
} = {
  user: ({ id, usernameKey: name, roomId }) => ({
    key: userKey(id),
    pointers: [
      [usernameKey(name), id],
      ...(roomId === null ? [] : [[presentKey(roomId, id), id] as [string, string]]),
    ],
  }),
  session: ({ id, userId, endedAt, ending }) => ({
    key: sessionKey(id),
    pointers: [
      ...(ending === null ? [[liveKey(userId), id] as [string, string]] : []),
      ...(endedAt === null ? [] : [[endedKey(endedAt, id), id] as [string, string]]),
    ],
  }),
  room: ({ id, nameKey, deletedBy }) => ({
    key: roomKey(id),
    pointers: deletedBy === null ? [[roomNameKey(nameKey), id]] : [],
  }),
  log: ({ roomId }) => ({ key: logKey(roomId), pointers: [] }),
  entry: ({ roomId, seq }) => ({ key: entryKey(roomId, seq), pointers: [] }),
  receipt: ({ roomId, authorId, clientMessageId, seq }) => ({
    key: receiptKey(roomId, seq),
    pointers: [[postKey(roomId, authorId, clientMessageId), seq]],
  }),
};

/** A record in the shape that it is stored in: what it is of says its key. */
const stored = (kind: Kind, record: Records[Kind]): object => {
  if (kind !== 'entry' && kind !== 'receipt') return record;
  const { roomId: _, ...rest } = record as Records['entry'];
  return rest;
};

const keyBehind = (kind: Kind, { id, seq }: RecordKey): string =>
  ({
    user: () => userKey(id),
    session: () => sessionKey(id),
    room: () => roomKey(id),
    log: () => logKey(id),
    entry: () => entryKey(id, seq),
    receipt: () => receiptKey(id, seq),
  })[kind]();

const readerOf = (view: View): ArchiveReader => ({
  async page<K extends Kind>(kind: K, last: RecordKey | null, limit: number) {
    const range = last === null ? under(kind) : behind(under(kind), keyBehind(kind, last));
    const cells = await view.scan({ ...range, limit });
    return cells.map(([key, value]) => {
      const state = JSON.parse(value) as object;
      if (kind !== 'entry' && kind !== 'receipt') return state as Records[K];
      return { roomId: roomOf(key), ...state } as unknown as Records[K];
    });
  },
  note: () => view.value<string>(NOTE),
});

/** The second part of a key, as it was before it was escaped. */
const roomOf = (key: string): string =>
  key
    .split('\u0000')[1]!
    .replace(/\u0001([\u0001\u0002])/g, (_, sign) => (sign === '\u0001' ? '\u0000' : '\u0001'));

const writerOf = (to: Transaction): ArchiveWriter => {
  const putOne = async <K extends Kind>(kind: K, record: Records[K]): Promise<void> => {
    const { key, pointers } = placeOf[kind](record);
    const was = await to.value<object>(key);
    if (was !== null) {
      const { roomId } = record as { roomId?: string };
      const before = (kind === 'entry' || kind === 'receipt' ? { roomId, ...was } : was) as Records[K];
      for (const [pointer] of placeOf[kind](before).pointers) to.remove(pointer);
    }
    if (kind === 'receipt') {
      const { roomId, seq } = record as Records['receipt'];
      const elsewhere = await to.value<number>(pointers[0]![0]);
      if (elsewhere !== null && elsewhere !== seq) to.remove(receiptKey(roomId, elsewhere));
    }
    to.put(key, stored(kind, record));
    for (const [pointer, id] of pointers) to.put(pointer, id);
  };
  return {
    note: () => to.value<string>(NOTE),
    async setNote(note) {
      if (note === null) to.remove(NOTE);
      else to.put(NOTE, note);
    },
    async put(kind, records) {
      // All that is there already in one question; the rest is then known.
      await to.values([
        ...new Set(
          records.flatMap((record) => {
            const { key, pointers } = placeOf[kind](record);
            return [key, ...pointers.map(([pointer]) => pointer)];
          }),
        ),
      ]);
      for (const record of records) await putOne(kind, record);
    },
    async clear() {
      for (const kind of ALL)
        for await (const page of pagesOf(to, under(kind))) for (const [key] of page) to.remove(key);
    },
  };
};

/** Does the work, and meanwhile again and again what keeps something held. */
const holding = async <T>(hold: () => Promise<unknown>, work: () => Promise<T>): Promise<T> => {
  const again = setInterval(() => void hold().catch(() => undefined), HOLD_AGAIN_MS);
  try {
    return await work();
  } finally {
    clearInterval(again);
  }
};

/**
 * Reading out holds on to the past for as long as it takes. Writing in keeps all other writers out, from its first look
 * to its commit, so that it is run once; what it writes is sent at its end, in one piece.
 */
export const archiveIn = (store: Store, { whileOpen, StorageUnavailable }: Materials): Archive => ({
  async read(work) {
    await store.hold();
    const handle = whileOpen(readerOf(new View(store)));
    try {
      return await holding(
        () => store.hold(),
        () => work(handle.opened),
      );
    } finally {
      handle.close();
    }
  },
  async write(work) {
    const lock = randomUUID();
    const patience = performance.now() + LOCK_PATIENCE_MS;
    while (!(await store.lock(lock))) {
      if (performance.now() > patience)
        throw new StorageUnavailable('another has kept writers out for too long');
      await pause(LOCK_PAUSE_MS);
    }
    const to = new Transaction(store);
    const handle = whileOpen(writerOf(to));
    try {
      return await holding(
        () => store.keepLock(lock),
        async () => {
          const result = await work(handle.opened);
          handle.close();
          if (to.failure !== null) throw to.failure.error;
          // With the lock nobody else can have written, and what was read need not be looked at again.
          const came = await store.commit({ at: null, keys: [], ranges: [], writes: to.change.writes, lock });
          if (came !== 'ok') throw new StorageUnavailable('the lock that kept other writers out was lost');
          return result;
        },
      );
    } finally {
      handle.close();
      await store.keepLock(lock, true).catch(() => undefined);
    }
  },
});
