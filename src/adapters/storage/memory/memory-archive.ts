import { compareByCodePoint } from '../../../domain/code-points.js';
import type { Entry } from '../../../domain/message-log.js';
import {
  keyOf,
  type ArchiveReader,
  type ArchiveWriter,
  type Kind,
  type RecordKey,
  type Records,
} from '../../../application/archive.js';
import { NOTE, receiptId, type Views } from './views.js';

const compare = (a: RecordKey, b: RecordKey): number => compareByCodePoint(a.id, b.id) || a.seq - b.seq;

const everyRecord = (views: Views): { [kind in Kind]: () => Records[kind][] } => ({
  user: () => views.users.all(),
  session: () => views.sessions.all(),
  room: () => views.rooms.all(),
  log: () => views.logs.all().map(({ head }) => head),
  entry: () =>
    views.logs
      .all()
      .flatMap(({ head: { roomId }, entries }) => entries.map((entry) => ({ ...entry, roomId }))),
  receipt: () => views.receipts.all(),
});

/** Reads of one view; a kind is put in order once, when it is first asked for. */
export const memoryArchiveReader = (views: Views): ArchiveReader => {
  const ordered = new Map<Kind, { readonly key: RecordKey; readonly record: Records[Kind] }[]>();
  const inOrder = (kind: Kind) => {
    let all = ordered.get(kind);
    if (all === undefined) {
      const found: Records[Kind][] = everyRecord(views)[kind]();
      all = found.map((record) => ({ key: keyOf(kind, record), record }));
      all.sort((a, b) => compare(a.key, b.key));
      ordered.set(kind, all);
    }
    return all;
  };
  return {
    async page<K extends Kind>(kind: K, behind: RecordKey | null, limit: number) {
      const all = inOrder(kind);
      // The first that stands behind: halving, since pages are asked for from first to last.
      let [low, high] = [0, behind === null ? 0 : all.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (compare(all[middle]!.key, behind!) > 0) high = middle;
        else low = middle + 1;
      }
      return all.slice(low, low + limit).map(({ record }) => record as Records[K]);
    },
    note: async () => views.notes.get(NOTE) ?? null,
  };
};

/** The same entries with others among them, which take the place of what has their number. */
const merged = (kept: readonly Entry[], added: readonly Entry[]): Entry[] => {
  const bySeq = new Map([...kept, ...added].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
};

const putEntries = (views: Views, entries: readonly Records['entry'][]): void => {
  const byRoom = new Map<string, Entry[]>();
  for (const { roomId, ...entry } of entries) {
    const ofRoom = byRoom.get(roomId);
    if (ofRoom === undefined) byRoom.set(roomId, [entry]);
    else ofRoom.push(entry);
  }
  for (const [roomId, added] of byRoom) {
    const log = views.logs.get(roomId);
    if (log === undefined) throw new Error(`an entry of ${roomId}, of which there is no log`);
    views.logs.put(roomId, { head: log.head, entries: merged(log.entries, added) });
  }
};

/** Writes of one transaction's view. */
export const memoryArchiveWriter = (views: Views): ArchiveWriter => {
  const putting: { [kind in Kind]: (records: readonly Records[kind][]) => void } = {
    user: (records) => records.forEach((user) => views.users.put(user.id, user)),
    session: (records) => records.forEach((session) => views.sessions.put(session.id, session)),
    room: (records) => records.forEach((room) => views.rooms.put(room.id, room)),
    log: (records) =>
      records.forEach((head) =>
        views.logs.put(head.roomId, { head, entries: views.logs.get(head.roomId)?.entries ?? [] }),
      ),
    entry: (records) => putEntries(views, records),
    receipt: (records) =>
      records.forEach((receipt) =>
        views.receipts.put(receiptId(receipt.roomId, receipt.authorId, receipt.clientMessageId), receipt),
      ),
  };
  return {
    note: async () => views.notes.get(NOTE) ?? null,
    setNote: async (note) => views.notes.put(NOTE, note ?? undefined),
    put: async (kind, records) => putting[kind](records),
    clear: async () => views.clear(),
  };
};
