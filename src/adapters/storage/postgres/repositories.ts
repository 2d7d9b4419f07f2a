import type { LogRepository, Repositories } from '../../../application/ports.js';
import { MessageLog, type LogHead, type Receipt } from '../../../domain/message-log.js';
import { Room, type RoomState } from '../../../domain/room.js';
import { Session, type SessionState } from '../../../domain/session.js';
import { User, type UserState } from '../../../domain/user.js';
import { LockedRows } from './locked.js';
import { logs, receipts, rooms, sessions, users } from './relations.js';
import type { Statement, Transaction } from './transaction.js';
import { trimLogs } from './trimming.js';

const { finding } = LockedRows;
const SESSION = finding(sessions, 'get', 'id = $1');
const LIVE_SESSION = finding(sessions, 'live', 'user_id = $1 and ending is null');
const USER = finding(users, 'get', 'id = $1');
const USER_NAMED = finding(users, 'named', 'username_key = $1');
const ROOM = finding(rooms, 'get', 'id = $1');
const ROOM_NAMED = finding(rooms, 'named', 'name_key = $1 and deleted_by is null');
const LOG = finding(logs, 'get', 'room_id = $1');

/** Not locked: nobody comes or goes while the room is, and whoever posts locks their own row. */
const USERS_IN_ROOM: Statement = {
  name: 'users in room',
  text: `select ${users.columns} from ${users.table} where room_id = $1 order by id`,
};

const FORGET_SESSIONS: Statement = {
  name: 'forget sessions',
  text: `delete from sessions where ended_at < $1`,
};
const REMOVE_USER: Statement = { name: 'remove user', text: `delete from users where id = $1` };

/**
 * Locks are taken in the order session, user, room, log. What has to take them otherwise waits for one only so long, so
 * that it is run again, rather than PostgreSQL looks for a deadlock after a whole second.
 */
const WAIT_BRIEFLY: Statement = {
  name: 'wait briefly',
  text: `set local lock_timeout = 100`,
};

const RECEIPT: Statement = {
  name: 'receipt',
  text: `select ${receipts.columns} from receipts
    where room_id = $1 and author_id = $2 and client_message_id = $3`,
};
const APPEND: Statement = {
  name: 'append',
  text: `with appended as (
      select * from json_to_recordset($2) as (seq bigint, kind text, "authorId" text, author text, guest boolean,
        text text, at bigint, "clientMessageId" text, digest text)
    ), kept as (
      insert into entries (room_id, seq, kind, author_id, author, guest, text, at, client_message_id)
      select $1, seq, kind, "authorId", author, guest, text, at, "clientMessageId" from appended where seq >= $3
    )
    insert into receipts (room_id, author_id, client_message_id, seq, at, digest)
    select $1, "authorId", "clientMessageId", seq, at, digest from appended`,
};
const logRepository = (to: Transaction): LogRepository => {
  const heads = new LockedRows<LogHead>(to, logs);
  return {
    async get(roomId) {
      const head = await heads.get(LOG, roomId);
      return head === undefined ? null : new MessageLog(head);
    },
    async receipt(...key) {
      return (await to.ask<Receipt>(RECEIPT, key))[0] ?? null;
    },
    async save(log) {
      const { head, receiptFloor: floor } = log;
      const appended = log.takeAppended();
      heads.store(head.roomId, head);
      if (appended.length > 0) {
        const rows = appended.map(({ entry, digest }) => ({ ...entry, digest }));
        to.store(APPEND, [head.roomId, JSON.stringify(rows), head.first]);
      }
      trimLogs(to, [{ head, floor, appended }]);
    },
  };
};

/** Gets and stores of one transaction. */
export const postgresRepositories = (to: Transaction): Repositories => {
  const sessionRows = new LockedRows<SessionState>(to, sessions);
  const userRows = new LockedRows<UserState>(to, users);
  const roomRows = new LockedRows<RoomState>(to, rooms);
  return {
    sessions: {
      async get(id) {
        const state = await sessionRows.get(SESSION, id);
        return state === undefined ? null : new Session(state);
      },
      async liveOf(userId) {
        to.set(WAIT_BRIEFLY);
        const [state] = await sessionRows.find(LIVE_SESSION, userId);
        return state === undefined ? null : new Session(state);
      },
      save: async ({ state }) => sessionRows.store(state.id, state),
      async forget(endedBefore) {
        sessionRows.lose();
        to.store(FORGET_SESSIONS, [endedBefore]);
      },
    },
    users: {
      async get(id) {
        const state = await userRows.get(USER, id);
        return state === undefined ? null : new User(state);
      },
      async named(usernameKey) {
        const [state] = await userRows.find(USER_NAMED, usernameKey);
        return state === undefined ? null : new User(state);
      },
      async inRoom(roomId) {
        to.set(WAIT_BRIEFLY);
        return (await userRows.find(USERS_IN_ROOM, roomId)).map((state) => new User(state));
      },
      save: async ({ state }) => userRows.store(state.id, state),
      async remove({ id }) {
        userRows.lose();
        to.store(REMOVE_USER, [id]);
      },
    },
    rooms: {
      async get(id) {
        const state = await roomRows.get(ROOM, id);
        return state === undefined ? null : new Room(state);
      },
      async named(nameKey) {
        const [state] = await roomRows.find(ROOM_NAMED, nameKey);
        return state === undefined ? null : new Room(state);
      },
      save: async ({ state }) => roomRows.store(state.id, state),
    },
    logs: logRepository(to),
  };
};
