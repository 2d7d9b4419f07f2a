import type { Asked } from '../core/log.js';
import type { Pending } from '../core/outbox.js';

/** What one user wrote or read in one room, kept across reloads. */
export interface Kept {
  readonly draft: () => string;
  readonly keepDraft: (text: string) => void;
  /** How far the user has read. */
  readonly readTo: () => Asked | null;
  readonly keepReadTo: (position: Asked) => void;
  /** In the order of writing. */
  readonly pending: () => Pending[];
  readonly keepPending: (pending: Pending) => void;
  readonly hasPending: (id: string) => boolean;
  readonly dropPending: (id: string) => void;
  readonly forget: () => void;
}

type Raw = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Stands in where the browser keeps nothing for this site, or its space is full: then things last as long as the page. */
export const tolerant = (raw: () => Raw) => {
  const held = new Map<string, string>();
  const attempt = <T>(work: (store: Raw) => T, otherwise: T): T => {
    try {
      return work(raw());
    } catch {
      return otherwise;
    }
  };
  return {
    read: (key: string): string | null => held.get(key) ?? attempt((from) => from.getItem(key), null),
    write(key: string, value: string) {
      const done = attempt((to) => (to.setItem(key, value), true), false);
      if (done) held.delete(key);
      else held.set(key, value);
    },
    remove(key: string) {
      held.delete(key);
      attempt((from) => from.removeItem(key), undefined);
    },
    keys: (prefix: string): string[] => {
      const stored = attempt(
        (from) => Array.from({ length: from.length }, (_, at) => from.key(at) ?? ''),
        [],
      );
      return [...new Set([...stored, ...held.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
};

export type Store = ReturnType<typeof tolerant>;

const parse = <T>(text: string | null): T | null => {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
};

/** Each pending message has a key of its own, so that two tabs never overwrite each other's. */
export const createKept =
  (store: Store) =>
  (userId: string, roomId: string): Kept => {
    const prefix = `parlour/${userId}/${roomId}/`;
    const sendPrefix = `${prefix}send/`;
    return {
      draft: () => store.read(`${prefix}draft`) ?? '',
      keepDraft: (text) =>
        text === '' ? store.remove(`${prefix}draft`) : store.write(`${prefix}draft`, text),
      readTo: () => parse(store.read(`${prefix}read`)),
      keepReadTo: ({ epoch, cursor }) => store.write(`${prefix}read`, JSON.stringify({ epoch, cursor })),
      pending: () =>
        store
          .keys(sendPrefix)
          .map((key) => parse<Pending>(store.read(key)))
          .filter((one) => one !== null)
          .sort((a, b) => a.writtenAt - b.writtenAt),
      keepPending: (one) => store.write(sendPrefix + one.id, JSON.stringify(one)),
      hasPending: (id) => store.read(sendPrefix + id) !== null,
      dropPending: (id) => store.remove(sendPrefix + id),
      forget: () => store.keys(prefix).forEach((key) => store.remove(key)),
    };
  };
