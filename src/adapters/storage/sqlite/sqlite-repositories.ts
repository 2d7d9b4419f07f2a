import type { Repositories } from '../../../application/ports.js';
import { MessageLog, type LogHead, type Receipt } from '../../../domain/message-log.js';
import { Room, type RoomState } from '../../../domain/room.js';
import { Session, type SessionState } from '../../../domain/session.js';
import { User, type UserState } from '../../../domain/user.js';
import type { Connection } from './database.js';
import { asHead } from './sqlite-readers.js';

/** How many receipts that need not be kept any more go with each post: more than one, so that none pile up. */
const SWEPT_AT_ONCE = 4;

/** `INSERT` that takes the place of what has the same key. */
const upsert = (table: string, key: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `$${name}`).join(', ')})
   ON CONFLICT (${key}) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`;

const SAVE_SESSION = upsert('sessions', 'id', ['id', 'userId', 'startedAt', 'seenAt', 'ending', 'endedAt']);
const SAVE_USER = upsert('users', 'id', [
  'id',
  'username',
  'usernameKey',
  'passwordHash',
  'roomId',
  'createdAt',
]);
const SAVE_ROOM = upsert('rooms', 'id', [
  'id',
  'name',
  'nameKey',
  'creatorId',
  'creator',
  'capacity',
  'members',
  'createdAt',
  'deletedBy',
  'deletedAt',
]);
const SAVE_LOG = upsert('logs', 'roomId', ['roomId', 'epoch', 'first', 'last', 'closed']);
const ADD_ENTRY = `INSERT INTO entries VALUES
  ($roomId, $seq, $kind, $authorId, $author, $guest, $text, $at, $clientMessageId)`;
const ADD_RECEIPT = `INSERT INTO receipts VALUES ($roomId, $authorId, $clientMessageId, $seq, $at, $digest)`;
/**
 * By the number's index and few at a time, so that a post costs the same however many receipts there are. Without being
 * told which, SQLite takes the other index, and looks at every receipt of the room.
 */
const SWEEP_RECEIPTS = `DELETE FROM receipts INDEXED BY receiptOrder
  WHERE roomId = $roomId AND at < $at AND seq IN (
    SELECT seq FROM receipts WHERE roomId = $roomId AND seq <= $seq ORDER BY seq LIMIT ${SWEPT_AT_ONCE})`;

const load = <S, A>(state: S | null, aggregate: new (state: S) => A): A | null =>
  state === null ? null : new aggregate(state);

/** Reads and writes of one transaction; only one runs at a time, so all that it gets is locked. */
export const sqliteRepositories = (connection: Connection): Repositories => ({
  sessions: {
    get: async (id) =>
      load(connection.one<SessionState>('SELECT * FROM sessions WHERE id = $id', { id }), Session),
    liveOf: async (userId) =>
      load(
        connection.one<SessionState>('SELECT * FROM sessions WHERE userId = $userId AND ending IS NULL', {
          userId,
        }),
        Session,
      ),
    save: async ({ state }) => connection.run(SAVE_SESSION, { ...state }),
    forget: async (endedBefore) =>
      connection.run('DELETE FROM sessions WHERE endedAt < $endedBefore', { endedBefore }),
  },
  users: {
    get: async (id) => load(connection.one<UserState>('SELECT * FROM users WHERE id = $id', { id }), User),
    named: async (usernameKey) =>
      load(
        connection.one<UserState>('SELECT * FROM users WHERE usernameKey = $usernameKey', { usernameKey }),
        User,
      ),
    inRoom: async (roomId) =>
      connection
        .all<UserState>('SELECT * FROM users WHERE roomId = $roomId', { roomId })
        .map((state) => new User(state)),
    save: async ({ state }) => connection.run(SAVE_USER, { ...state }),
    remove: async ({ id }) => connection.run('DELETE FROM users WHERE id = $id', { id }),
  },
  rooms: {
    get: async (id) => load(connection.one<RoomState>('SELECT * FROM rooms WHERE id = $id', { id }), Room),
    named: async (nameKey) =>
      load(
        connection.one<RoomState>('SELECT * FROM rooms WHERE nameKey = $nameKey AND deletedBy IS NULL', {
          nameKey,
        }),
        Room,
      ),
    save: async ({ state }) => connection.run(SAVE_ROOM, { ...state }),
  },
  logs: {
    async get(roomId) {
      const row = connection.one<Omit<LogHead, 'closed'> & { closed: number }>(
        'SELECT * FROM logs WHERE roomId = $roomId',
        { roomId },
      );
      return row && new MessageLog(asHead(row));
    },
    receipt: async (roomId, authorId, clientMessageId) =>
      connection.one<Receipt>(
        `SELECT authorId, clientMessageId, seq, at, digest FROM receipts
         WHERE roomId = $roomId AND authorId = $authorId AND clientMessageId = $clientMessageId`,
        { roomId, authorId, clientMessageId },
      ),
    async save(log) {
      const { head, receiptFloor } = log;
      const { roomId } = head;
      connection.run(SAVE_LOG, { ...head, closed: Number(head.closed) });
      for (const { entry, digest } of log.takeAppended()) {
        const { seq, authorId, clientMessageId, at } = entry;
        connection.run(ADD_ENTRY, { roomId, ...entry, guest: Number(entry.guest) });
        connection.run(ADD_RECEIPT, { roomId, authorId, clientMessageId, seq, at, digest });
      }
      connection.run('DELETE FROM entries WHERE roomId = $roomId AND seq < $first', {
        roomId,
        first: head.first,
      });
      if (head.closed) connection.run('DELETE FROM receipts WHERE roomId = $roomId', { roomId });
      else if (receiptFloor.seq > 0) connection.run(SWEEP_RECEIPTS, { roomId, ...receiptFloor });
    },
  },
});
