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

/** What is kept is there as properties, too. */
type Raw = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

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
      const stored = attempt(Object.keys, []);
      return [...new Set([...stored, ...held.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
};

export type Store = ReturnType<typeof tolerant>;

const parse = <T>(text: string | null): T | null => {
  try {
    return JSON.parse(text ?? 'null') as T | null;
  } catch {
    return null;
  }
};

const READ = 'parlour/read';
/** In how many rooms it is known how far somebody has read: the latest, so that what is kept does not grow for ever. */
const READINGS = 100;

/** Each pending message has a key of its own, so that two tabs never overwrite each other's. */
export const createKept =
  (store: Store) =>
  (userId: string, roomId: string): Kept => {
    const prefix = `parlour/${userId}/${roomId}/`;
    const sendPrefix = `${prefix}send/`;
    const readings = () => ({ ...parse<Record<string, Asked>>(store.read(READ)) });
    return {
      draft: () => store.read(`${prefix}draft`) ?? '',
      keepDraft: (text) =>
        text === '' ? store.remove(`${prefix}draft`) : store.write(`${prefix}draft`, text),
      readTo: () => readings()[prefix] ?? null,
      keepReadTo(position) {
        // Named twice: the first says where it stands, and the second what it is.
        const latest = Object.entries({ [prefix]: position, ...readings(), [prefix]: position });
        store.write(READ, JSON.stringify(Object.fromEntries(latest.slice(0, READINGS))));
      },
      pending: () =>
        store
          .keys(sendPrefix)
          .flatMap((key) => parse<Pending>(store.read(key)) ?? [])
          .sort((a, b) => a.writtenAt - b.writtenAt),
      keepPending: (one) => store.write(sendPrefix + one.id, JSON.stringify(one)),
      hasPending: (id) => store.read(sendPrefix + id) !== null,
      dropPending: (id) => store.remove(sendPrefix + id),
      forget: () => store.keys(prefix).forEach(store.remove),
    };
  };
