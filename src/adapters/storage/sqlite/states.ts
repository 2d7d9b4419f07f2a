import type { Entry, LogHead } from '../../../domain/message-log.js';
import type { RoomState } from '../../../domain/room.js';
import type { SessionState } from '../../../domain/session.js';
import type { UserState } from '../../../domain/user.js';

/*
 * What rows say, member by member. The binding makes a hash table of every row, which takes three times the memory, and in which
 * every look at a member is a search; what polls read all the time stands in objects of one shape.
 */

export type HeadRow = Omit<LogHead, 'closed'> & { readonly closed: number };
export type EntryRow = Omit<Entry, 'guest'> & { readonly guest: number };

export const sessionOf = (row: SessionState): SessionState => ({
  id: row.id,
  userId: row.userId,
  startedAt: row.startedAt,
  seenAt: row.seenAt,
  ending: row.ending,
  endedAt: row.endedAt,
});

export const userOf = (row: UserState): UserState => ({
  id: row.id,
  username: row.username,
  usernameKey: row.usernameKey,
  passwordHash: row.passwordHash,
  roomId: row.roomId,
  createdAt: row.createdAt,
});

export const roomOf = (row: RoomState): RoomState => ({
  id: row.id,
  name: row.name,
  nameKey: row.nameKey,
  creatorId: row.creatorId,
  creator: row.creator,
  capacity: row.capacity,
  members: row.members,
  createdAt: row.createdAt,
  deletedBy: row.deletedBy,
  deletedAt: row.deletedAt,
});

export const headOf = (row: HeadRow): LogHead => ({
  roomId: row.roomId,
  epoch: row.epoch,
  first: row.first,
  last: row.last,
  closed: row.closed === 1,
});

export const entryOf = (row: EntryRow): Entry => ({
  seq: row.seq,
  kind: row.kind,
  authorId: row.authorId,
  author: row.author,
  guest: row.guest === 1,
  text: row.text,
  at: row.at,
  clientMessageId: row.clientMessageId,
});
