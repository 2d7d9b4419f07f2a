import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { PresenceExchange, SightTold } from '../../../application/ports.js';
import { askOnce } from './pooled.js';
import type { Statement } from './transaction.js';

/** So far back others' tellings are read again: one may become visible later than another that began after it. */
const OVERLAP_MS = 5000;
/** How often what is old is forgotten: what is kept is then at most a little more than what must be. */
const FORGET_MS = 60_000;
/** What lies so far ahead was told before the server's clock was set back; a little is told by whoever asks at the same time. */
const AHEAD_MS = 1000;

/**
 * One row a member and room, whoever saw it; the times are the server's. Rows are locked in one order, so that instances
 * never wait for each other in a circle. A row that one process told all of is not told to that one again,
 * unless one that does not know of tellers (an older Parlour) has told something since.
 */
const SWAP: Statement = {
  name: 'swap sightings',
  text: `with clock as (
      select (extract(epoch from now()) * 1000)::bigint as now
    ), told as (
      insert into sightings as known (room_id, user_id, username, guest, visible_at, hidden_at, gone_at, told_at, teller, teller_at)
      select "roomId", "userId", member ->> 'username', (member ->> 'guest')::boolean,
        now - "visibleAgeMs", now - "hiddenAgeMs", now - "goneAgeMs", now, $4, now
      from json_to_recordset($1) as ("roomId" text, "userId" text, member json,
        "visibleAgeMs" bigint, "hiddenAgeMs" bigint, "goneAgeMs" bigint), clock
      order by "roomId", "userId"
      on conflict (room_id, user_id) do update set
        username = coalesce(excluded.username, known.username), guest = coalesce(excluded.guest, known.guest),
        visible_at = greatest(known.visible_at, excluded.visible_at),
        hidden_at = greatest(known.hidden_at, excluded.hidden_at),
        gone_at = greatest(known.gone_at, excluded.gone_at), told_at = greatest(known.told_at, excluded.told_at),
        teller = case when known.teller = excluded.teller or (coalesce(known.visible_at <= excluded.visible_at, known.visible_at is null)
            and coalesce(known.hidden_at <= excluded.hidden_at, known.hidden_at is null)
            and coalesce(known.gone_at <= excluded.gone_at, known.gone_at is null)) then excluded.teller end,
        teller_at = greatest(known.told_at, excluded.told_at)
    )
    select now, (
      select coalesce(json_agg(sight), '[]') from (
        select room_id as "roomId", user_id as "userId",
          case when username is not null
            then json_build_object('userId', user_id, 'username', username, 'guest', guest) end as member,
          now - visible_at as "visibleAgeMs", now - hidden_at as "hiddenAgeMs", now - gone_at as "goneAgeMs"
        from unnest($2::text[], $3::bigint[]) as asked (room, since)
        join sightings on room_id = asked.room and told_at >= asked.since
          and (asked.since = 0 or teller is distinct from $4 or teller_at <> told_at)
      ) as sight
    ) as learnt
    from clock`,
};

const FORGET: Statement = {
  name: 'forget sightings',
  text: `delete from sightings using (select (extract(epoch from now()) * 1000)::bigint as now) as clock
    where told_at < now - $1::bigint or greatest(visible_at, hidden_at, gone_at) > now + ${AHEAD_MS}`,
};

interface Swapped {
  readonly now: number;
  readonly learnt: readonly SightTold[];
}

const liesAhead = ({ visibleAgeMs, hiddenAgeMs, goneAgeMs }: SightTold): boolean =>
  Math.min(visibleAgeMs ?? 0, hiddenAgeMs ?? 0, goneAgeMs ?? 0) < -AHEAD_MS;

/** Sightings in a table that is not logged: after a crash of the server everyone is seen again within a second. */
export const exchangeThrough = (pool: pg.Pool): PresenceExchange => {
  const teller = randomUUID();
  /** Since when the rooms named last time are to be read, by the server's clock. */
  let since = new Map<string, number>();
  /** By the pace of this process. */
  let forgottenAt = -Infinity;
  const forget = (keptMs: number) => askOnce(pool, { ...FORGET, values: [keptMs] });
  return {
    async swap(told, roomIds, keptMs) {
      const sinces = roomIds.map((roomId) => since.get(roomId) ?? 0);
      const values = [JSON.stringify(told), roomIds, sinces, teller];
      const ask = async () => (await askOnce<Swapped>(pool, { ...SWAP, values }))[0]!;
      let { now, learnt } = await ask();
      if (learnt.some(liesAhead)) {
        // It would stand for the latest until the clock has come so far. Whoever is there is told of again in a moment.
        await forget(keptMs);
        ({ now, learnt } = await ask());
      }
      since = new Map(roomIds.map((roomId) => [roomId, now - OVERLAP_MS]));
      if (performance.now() - forgottenAt > FORGET_MS) {
        forgottenAt = performance.now();
        // What was learnt is not told again: it is not to be lost, or be late, for what can be done in a minute as well.
        forget(keptMs).catch(() => undefined);
      }
      return learnt;
    },
  };
};
