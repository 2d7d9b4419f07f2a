import type { LogHead } from '../../domain/message-log.js';
import {
  keyOf,
  KINDS,
  type ArchiveReader,
  type Kind,
  type Page,
  type RecordKey,
  type Records,
} from '../archive.js';
import type { Tokens } from '../ports.js';

/** How many records are read, and written, at once. */
const PAGE = 1000;

/** The last record that has been dealt with: what comes next is behind it, or of a later kind. */
export interface Position {
  readonly kind: Kind;
  readonly key: RecordKey;
}

/** All records behind a position (null is the beginning), page by page, kind after kind. */
export async function* pagesOf(from: ArchiveReader, behind: Position | null = null): AsyncGenerator<Page> {
  const first = behind === null ? 0 : KINDS.indexOf(behind.kind);
  for (const kind of KINDS.slice(first)) {
    let key = behind?.kind === kind ? behind.key : null;
    for (;;) {
      const records: readonly Records[Kind][] = await from.page(kind, key, PAGE);
      if (records.length > 0) yield { kind, records };
      if (records.length < PAGE) break;
      key = keyOf(kind, records.at(-1)!);
    }
  }
}

/** Whether there is no record of any kind. */
export const isEmpty = async (from: ArchiveReader): Promise<boolean> => {
  for (const kind of KINDS) if ((await from.page(kind, null, 1)).length > 0) return false;
  return true;
};

/** A room as it was counted: its log's head, and a digest of all that is of it, receipts of late retries included. */
interface RoomStock {
  readonly head: LogHead | null;
  readonly entries: number;
  readonly receipts: number;
  readonly digest: string;
}

/** What there is in a storage, short enough to be compared with another's. */
export interface Stock {
  readonly counts: Readonly<Record<Kind, number>>;
  /** Of all users and sessions. */
  readonly people: string;
  readonly rooms: ReadonlyMap<string, RoomStock>;
}

const NO_ROOM: RoomStock = { head: null, entries: 0, receipts: 0, digest: '' };

/** The same text for the same record, in whichever order an engine gives its members. */
const textOf = (kind: Kind, record: Records[Kind]): string =>
  `${kind} ${JSON.stringify(record, Object.keys(record).sort())}`;

const withRecord = (room: RoomStock, kind: Kind, record: Records[Kind], digest: string): RoomStock => ({
  head: kind === 'log' ? (record as LogHead) : room.head,
  entries: room.entries + Number(kind === 'entry'),
  receipts: room.receipts + Number(kind === 'receipt'),
  digest,
});

/**
 * Counts and digests all that is stored.
 * @param counted is told how many records more have been counted
 */
export const takeStock = async (
  from: ArchiveReader,
  tokens: Pick<Tokens, 'digest'>,
  counted: (records: number) => void = () => undefined,
): Promise<Stock> => {
  const counts = { user: 0, session: 0, room: 0, log: 0, entry: 0, receipt: 0 };
  const rooms = new Map<string, RoomStock>();
  let people = '';
  for await (const { kind, records } of pagesOf(from)) {
    counts[kind] += records.length;
    for (const record of records) {
      const text = textOf(kind, record);
      if (kind === 'user' || kind === 'session') {
        people = tokens.digest(people + text);
        continue;
      }
      const { id } = keyOf(kind, record);
      const room = rooms.get(id) ?? NO_ROOM;
      rooms.set(id, withRecord(room, kind, record, tokens.digest(room.digest + text)));
    }
    counted(records.length);
  }
  return { counts, people, rooms };
};

/** One digest of a whole stock. */
export const digestOf = ({ people, rooms }: Stock, tokens: Pick<Tokens, 'digest'>): string => {
  let digest = people;
  for (const [id, room] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) {
    digest = tokens.digest(`${digest} ${id} ${room.digest}`);
  }
  return digest;
};

export const totalOf = ({ counts }: Stock): number =>
  Object.values(counts).reduce((sum, one) => sum + one, 0);

const roomDifferences = (id: string, a: RoomStock, b: RoomStock): string[] => {
  const head = (['epoch', 'first', 'last', 'closed'] as const)
    .filter((member) => a.head?.[member] !== b.head?.[member])
    .map((member) => `${member} ${String(a.head?.[member])} is ${String(b.head?.[member])}`);
  const counts = (['entries', 'receipts'] as const)
    .filter((member) => a[member] !== b[member])
    .map((member) => `${a[member]} ${member} are ${b[member]}`);
  const all = [...head, ...counts];
  if (all.length === 0 && a.digest !== b.digest) all.push('what is in it differs');
  return all.map((one) => `room ${id}: ${one}`);
};

/** In what a copy differs from what it is of, in words; nothing where it does not. */
export const differencesOf = (original: Stock, copy: Stock): string[] => {
  const counts = KINDS.filter((kind) => original.counts[kind] !== copy.counts[kind]).map(
    (kind) => `records of the kind ${kind}: ${original.counts[kind]} are ${copy.counts[kind]}`,
  );
  const people = original.people === copy.people ? [] : ['what is stored of users or sessions differs'];
  const ids = new Set([...original.rooms.keys(), ...copy.rooms.keys()]);
  const rooms = [...ids].flatMap((id) =>
    roomDifferences(id, original.rooms.get(id) ?? NO_ROOM, copy.rooms.get(id) ?? NO_ROOM),
  );
  return [...counts, ...people, ...rooms];
};
