import type { Readers } from '../../../application/ports.js';
import type { Entry, LogHead } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';
import type { Connection } from './database.js';

type EntryRow = Omit<Entry, 'guest'> & { readonly guest: number };
type HeadRow = Omit<LogHead, 'closed'> & { readonly closed: number };

const ENTRY = 'seq, kind, authorId, author, guest, text, at, clientMessageId';
const asEntry = (row: EntryRow): Entry => ({ ...row, guest: row.guest === 1 });
export const asHead = (row: HeadRow): LogHead => ({ ...row, closed: row.closed === 1 });

/** Reads of one snapshot. Columns are named as the state's members are, so a row is a state. */
export const sqliteReaders = (connection: Connection): Readers => ({
  async standings(sessionIds) {
    return sessionIds.flatMap((id) => {
      const session = connection.one<SessionState>('SELECT * FROM sessions WHERE id = $id', { id });
      if (session === null) return [];
      const user = connection.one<UserState>('SELECT * FROM users WHERE id = $id', { id: session.userId });
      return [{ session, user }];
    });
  },
  async outlooks(asked, limit) {
    return asked.flatMap(({ roomId, epoch, after }) => {
      const room = connection.one<RoomState>('SELECT * FROM rooms WHERE id = $roomId', { roomId });
      const row = connection.one<HeadRow>('SELECT * FROM logs WHERE roomId = $roomId', { roomId });
      if (room === null || row === null) return [];
      const from = row.epoch === epoch ? after + 1 : row.first;
      const newest = connection.all<EntryRow>(
        `SELECT ${ENTRY} FROM entries WHERE roomId = $roomId AND seq >= $from ORDER BY seq DESC LIMIT $limit`,
        { roomId, from, limit },
      );
      return [{ room, head: asHead(row), entries: newest.reverse().map(asEntry) }];
    });
  },
  async rooms() {
    return connection.all<RoomState>('SELECT * FROM rooms WHERE deletedBy IS NULL ORDER BY nameKey');
  },
  async entries(roomId, from, limit) {
    const found = connection.all<EntryRow>(
      `SELECT ${ENTRY} FROM entries WHERE roomId = $roomId AND seq >= $from ORDER BY seq LIMIT $limit`,
      { roomId, from, limit },
    );
    return found.map(asEntry);
  },
  async userNamed(usernameKey) {
    return connection.one<UserState>('SELECT * FROM users WHERE usernameKey = $usernameKey', { usernameKey });
  },
  async staleSessions(seenBefore, startedBefore, limit) {
    const found = connection.all<{ id: string }>(
      `SELECT id FROM sessions WHERE ending IS NULL AND (seenAt < $seenBefore OR startedAt < $startedBefore)
       LIMIT $limit`,
      { seenBefore, startedBefore, limit },
    );
    return found.map(({ id }) => id);
  },
});
