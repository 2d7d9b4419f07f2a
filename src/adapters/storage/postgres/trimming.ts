import type { Appended, LogHead, ReceiptFloor } from '../../../domain/message-log.js';
import type { Statement, Transaction } from './transaction.js';

/** What one unit of work, or several after each other, did to a log. */
export interface LogChange {
  readonly head: LogHead;
  readonly appended: readonly Appended[];
  readonly floor: ReceiptFloor;
}

const TRIM: Statement = {
  name: 'trim',
  text: `delete from entries using unnest($1::text[], $2::bigint[]) as log (room, oldest)
    where room_id = room and seq < oldest`,
};

/** The oldest only, and somewhat more than came in: however many are too young to go, none but these is looked at. */
const TRIM_RECEIPTS: Statement = {
  name: 'trim receipts',
  text: `delete from receipts using unnest($1::text[], $2::bigint[], $3::bigint[], $4::int[]) as floor (room, last, since, most)
    cross join lateral (
      select room_id, author_id, client_message_id from receipts where room_id = room and seq <= last order by seq limit most
    ) as old
    where (receipts.room_id, receipts.author_id, receipts.client_message_id) = (old.room_id, old.author_id, old.client_message_id)
      and at < since`,
};
const MORE_RECEIPTS = 16;

const CLOSE: Statement = { name: 'close', text: `delete from receipts where room_id = any($1)` };

type Column = (change: LogChange) => unknown;

/** Drops what these logs do not keep any more. */
export const trimLogs = (to: Transaction, changes: readonly LogChange[]): void => {
  const storeFor = (statement: Statement, some: readonly LogChange[], columns: readonly Column[]): void => {
    const values = columns.map((column) => some.map(column));
    if (some.length > 0) to.store(statement, values);
  };
  const roomId: Column = ({ head }) => head.roomId;
  const moved = changes.filter(({ head }) => head.first > 1);
  const closed = changes.filter(({ head }) => head.closed);
  const long = changes.filter(({ head, floor }) => !head.closed && floor.seq > 0);
  storeFor(TRIM, moved, [roomId, ({ head }) => head.first]);
  storeFor(CLOSE, closed, [roomId]);
  storeFor(TRIM_RECEIPTS, long, [
    roomId,
    ({ floor }) => floor.seq,
    ({ floor }) => floor.at,
    ({ appended }) => appended.length + MORE_RECEIPTS,
  ]);
};
