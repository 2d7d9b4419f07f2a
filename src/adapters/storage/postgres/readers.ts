import type { Outlook, Readers, Standing } from '../../../application/ports.js';
import type { Entry } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { UserState } from '../../../domain/user.js';
import { entries, logs, rooms, sessions, users } from './relations.js';
import type { Statement, Transaction } from './transaction.js';

/** All of it as one JSON text, of which V8 makes states at once: taking rows apart costs more than reading them. */
const STANDINGS: Statement = {
  name: 'standings',
  text: `select coalesce(json_agg(json_build_object('session', session, 'user', "user")), '[]') as found
    from (select ${sessions.columns} from sessions where id = any($1)) as session
    left join lateral (select ${users.columns} from users where id = session."userId") as "user" on true`,
};

/** Of an idle room no entry is read: the index has nothing behind what the asker has. */
const OUTLOOKS: Statement = {
  name: 'outlooks',
  text: `select coalesce(json_agg(json_build_object(
      'room', room, 'head', head, 'entries', coalesce(news.entries, '[]'))), '[]') as found
    from unnest($1::text[], $2::text[], $3::bigint[]) as asked (room_id, epoch, after)
    join lateral (select ${rooms.columns} from rooms where id = asked.room_id) as room on true
    join lateral (select ${logs.columns} from logs where room_id = asked.room_id) as head on true
    left join lateral (
      select json_agg(entry order by entry.seq) as entries from (
        select ${entries.columns} from entries
        where room_id = asked.room_id and entries.seq > case when head.epoch = asked.epoch then asked.after else 0 end
        order by entries.seq desc limit $4
      ) as entry
    ) as news on true`,
};

const ROOMS: Statement = {
  name: 'rooms',
  text: `select ${rooms.columns} from rooms where deleted_by is null order by name_key`,
};

const ENTRIES: Statement = {
  name: 'entries',
  text: `select ${entries.columns} from entries where room_id = $1 and entries.seq >= $2 order by entries.seq limit $3`,
};

const USER_NAMED: Statement = {
  name: 'user named',
  text: `select ${users.columns} from users where username_key = $1`,
};

const STALE_SESSIONS: Statement = {
  name: 'stale sessions',
  text: `select id from sessions where ending is null and (seen_at < $1 or started_at < $2) limit $3`,
};

const foundIn = async <T>(view: Transaction, statement: Statement, values: unknown[]): Promise<T[]> => {
  const [row] = await view.ask<{ found: T[] }>(statement, values);
  return row!.found;
};

/** Reads of one view. */
export const postgresReaders = (view: Transaction): Readers => ({
  standings: (sessionIds) => foundIn<Standing>(view, STANDINGS, [sessionIds]),
  outlooks(asked, limit) {
    const columns = (['roomId', 'epoch', 'after'] as const).map((name) => asked.map((one) => one[name]));
    return foundIn<Outlook>(view, OUTLOOKS, [...columns, limit]);
  },
  rooms: () => view.ask<RoomState>(ROOMS, []),
  entries: (roomId, from, limit) => view.ask<Entry>(ENTRIES, [roomId, from, limit]),
  async userNamed(usernameKey) {
    return (await view.ask<UserState>(USER_NAMED, [usernameKey]))[0] ?? null;
  },
  async staleSessions(seenBefore, startedBefore, limit) {
    const rows = await view.ask<{ id: string }>(STALE_SESSIONS, [seenBefore, startedBefore, limit]);
    return rows.map(({ id }) => id);
  },
});
