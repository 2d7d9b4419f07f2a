import type { Repositories } from '../../../application/ports.js';
import { MessageLog, type Receipt } from '../../../domain/message-log.js';
import { Room, type RoomState } from '../../../domain/room.js';
import { Session, type SessionState } from '../../../domain/session.js';
import { User, type UserState } from '../../../domain/user.js';
import type { Connection } from './database.js';
import { putting, SHAPES, valuesOf } from './shapes.js';
import { headOf, type HeadRow } from './states.js';

/** How many receipts that need not be kept any more go with each post: more than one, so that none pile up. */
const SWEPT_AT_ONCE = 4;

const SAVE_SESSION = putting(SHAPES.session);
const SAVE_USER = putting(SHAPES.user);
const SAVE_ROOM = putting(SHAPES.room);
const SAVE_HEAD = putting(SHAPES.log);
const ADD_ENTRY = `INSERT INTO entries (roomId, seq, kind, authorId, author, guest, text, at, clientMessageId)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const ADD_RECEIPT = `INSERT INTO receipts (roomId, authorId, clientMessageId, seq, at, digest)
  VALUES (?, ?, ?, ?, ?, ?)`;
const RECEIPT = `SELECT authorId, clientMessageId, seq, at, digest FROM receipts
  WHERE roomId = ? AND authorId = ? AND clientMessageId = ?`;
/**
 * By the number's index and few at a time, so that a post costs the same however many receipts there are. Without being
 * told which, SQLite takes the other index, and looks at every receipt of the room.
 */
const SWEEP_RECEIPTS = `DELETE FROM receipts INDEXED BY receiptOrder
  WHERE roomId = ?1 AND at < ?2 AND seq IN (
    SELECT seq FROM receipts WHERE roomId = ?1 AND seq <= ?3 ORDER BY seq LIMIT ${SWEPT_AT_ONCE})`;

const load = <S, A>(state: S | null, aggregate: new (state: S) => A): A | null =>
  state === null ? null : new aggregate(state);

/** Reads and writes of one transaction; only one runs at a time, so all that it gets is locked. */
export const sqliteRepositories = (connection: Connection): Repositories => ({
  sessions: {
    get: async (id) =>
      load(connection.one<SessionState>('SELECT * FROM sessions WHERE id = ?', [id]), Session),
    liveOf: async (userId) =>
      load(
        connection.one<SessionState>('SELECT * FROM sessions WHERE userId = ? AND ending IS NULL', [userId]),
        Session,
      ),
    save: async ({ state }) => connection.run(SAVE_SESSION, valuesOf(SHAPES.session, state)),
    forget: async (endedBefore) => connection.run('DELETE FROM sessions WHERE endedAt < ?', [endedBefore]),
  },
  users: {
    get: async (id) => load(connection.one<UserState>('SELECT * FROM users WHERE id = ?', [id]), User),
    named: async (usernameKey) =>
      load(connection.one<UserState>('SELECT * FROM users WHERE usernameKey = ?', [usernameKey]), User),
    inRoom: async (roomId) =>
      connection
        .all<UserState>('SELECT * FROM users WHERE roomId = ?', [roomId])
        .map((state) => new User(state)),
    save: async ({ state }) => connection.run(SAVE_USER, valuesOf(SHAPES.user, state)),
    remove: async ({ id }) => connection.run('DELETE FROM users WHERE id = ?', [id]),
  },
  rooms: {
    get: async (id) => load(connection.one<RoomState>('SELECT * FROM rooms WHERE id = ?', [id]), Room),
    named: async (nameKey) =>
      load(
        connection.one<RoomState>('SELECT * FROM rooms WHERE nameKey = ? AND deletedBy IS NULL', [nameKey]),
        Room,
      ),
    save: async ({ state }) => connection.run(SAVE_ROOM, valuesOf(SHAPES.room, state)),
  },
  logs: {
    async get(roomId) {
      const row = connection.one<HeadRow>('SELECT * FROM logs WHERE roomId = ?', [roomId]);
      return row && new MessageLog(headOf(row));
    },
    receipt: async (...key) => connection.one<Receipt>(RECEIPT, key),
    async save(log) {
      const { head, receiptFloor } = log;
      const { roomId, first, closed } = head;
      connection.run(SAVE_HEAD, valuesOf(SHAPES.log, head));
      for (const { entry, digest } of log.takeAppended()) {
        const { seq, kind, authorId, author, guest, text, at, clientMessageId } = entry;
        const written = [roomId, seq, kind, authorId, author, Number(guest), text, at, clientMessageId];
        connection.run(ADD_ENTRY, written);
        connection.run(ADD_RECEIPT, [roomId, authorId, clientMessageId, seq, at, digest]);
      }
      connection.run('DELETE FROM entries WHERE roomId = ? AND seq < ?', [roomId, first]);
      if (closed) connection.run('DELETE FROM receipts WHERE roomId = ?', [roomId]);
      else if (receiptFloor.seq > 0) {
        connection.run(SWEEP_RECEIPTS, [roomId, receiptFloor.at, receiptFloor.seq]);
      }
    },
  },
});
