import type { Readers } from '../../../application/ports.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';
import type { Connection } from './database.js';
import { entryOf, headOf, roomOf, sessionOf, userOf, type EntryRow, type HeadRow } from './states.js';

const ENTRY = 'seq, kind, authorId, author, guest, text, at, clientMessageId';

/** Reads of one snapshot. Columns are named as the state's members are. */
export const sqliteReaders = (connection: Connection): Readers => ({
  async standings(sessionIds) {
    return sessionIds.flatMap((id) => {
      const session = connection.one<SessionState>('SELECT * FROM sessions WHERE id = $id', { id });
      if (session === null) return [];
      const user = connection.one<UserState>('SELECT * FROM users WHERE id = $id', { id: session.userId });
      return [{ session: sessionOf(session), user: user && userOf(user) }];
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
      return [{ room: roomOf(room), head: headOf(row), entries: newest.reverse().map(entryOf) }];
    });
  },
  async rooms() {
    const found = connection.all<RoomState>('SELECT * FROM rooms WHERE deletedBy IS NULL ORDER BY nameKey');
    return found.map(roomOf);
  },
  async entries(roomId, from, limit) {
    const found = connection.all<EntryRow>(
      `SELECT ${ENTRY} FROM entries WHERE roomId = $roomId AND seq >= $from ORDER BY seq LIMIT $limit`,
      { roomId, from, limit },
    );
    return found.map(entryOf);
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
