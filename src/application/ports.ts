import type { Entry, LogHead, MessageLog, Receipt } from '../domain/message-log.js';
import type { Room, RoomState } from '../domain/room.js';
import type { Session, SessionState } from '../domain/session.js';
import type { User, UserState } from '../domain/user.js';

/* Storage: what an engine implements. */

/** The only way to storage. */
export interface UnitOfWork {
  /** One consistent view, never older than the call. */
  read<T>(work: (from: Readers) => Promise<T>): Promise<T>;
  /**
   * Resolving commits, rejecting rolls back, and the handles die after. `work` may be run more than once, after a conflict
   * or to learn what it asks for before it shares a commit with others. So it awaits nothing but repositories, changes
   * nothing but through them, and an id or a time that it makes leaves it by its result alone: the last run is the one
   * that counts.
   */
  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T>;
}

/**
 * An engine that was opened. What the storage is to blame for it throws under the name `StorageUnavailable`, also of what is asked
 * after it was closed; what a unit of work throws goes on as it is; anything else is a fault of the program.
 */
export interface Storage extends UnitOfWork {
  /** Whether other processes write to it too; if not, what was read stays true until this process writes. */
  readonly shared: boolean;
  /** @throws when storage does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
  /**
   * Has `told` called when another process has written here after all, as a restore does beside the server: before
   * the next transaction does anything, and within a quarter of a second. What is shared leaves it out: it has `changes`, or nothing that is read is kept.
   */
  watch?(told: () => void): void;
  /**
   * What was written, by whomever, since this was last asked and answered; null where that may be anything, as it is for the first time.
   * Whatever was acknowledged before the call is in it. What was read of a shared storage is kept until it is named here; an engine
   * that leaves it out is read anew for every question. One asks at a time.
   */
  changes?(): Promise<Written | null>;
}

/** The ids of what was written. */
export interface Written {
  readonly sessions: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly rooms: ReadonlySet<string>;
  /** The rooms whose logs they are. */
  readonly logs: ReadonlySet<string>;
}

/** A session with its user, who is null once a guest is gone. */
export interface Standing {
  readonly session: SessionState;
  readonly user: UserState | null;
}

/** A room, the head of its log, and the newest entries that the asker lacks: at most `limit`, ascending. */
export interface Outlook {
  readonly room: RoomState;
  readonly head: LogHead;
  readonly entries: readonly Entry[];
}

export interface OutlookAsked {
  readonly roomId: string;
  /** What the asker has: entries up to `after`, of that epoch; an epoch that is not the log's means nothing. */
  readonly epoch: string;
  readonly after: number;
}

export interface Readers {
  /** Of the sessions asked for, those that there are, live or ended. */
  standings(sessionIds: readonly string[]): Promise<Standing[]>;
  /** Of the rooms asked for, those that there are, deleted ones included. */
  outlooks(asked: readonly OutlookAsked[], limit: number): Promise<Outlook[]>;
  /** All rooms that are not deleted, by the code points of their `nameKey`. */
  rooms(): Promise<RoomState[]>;
  /** Entries kept from number `from`, ascending. */
  entries(roomId: string, from: number, limit: number): Promise<Entry[]>;
  /** The user of that name, if there is one. */
  userNamed(usernameKey: string): Promise<UserState | null>;
  /** Sessions that are live but were last seen, or begun, before the times given (milliseconds since 1970). */
  staleSessions(seenBefore: number, startedBefore: number, limit: number): Promise<string[]>;
}

/**
 * What is got here is locked, or else the transaction is run again, so that what is decided on it is still true when saved.
 * What is asked at once is answered as if it had been asked one after the other, in that order.
 */
export interface Repositories {
  readonly sessions: SessionRepository;
  readonly users: UserRepository;
  readonly rooms: RoomRepository;
  readonly logs: LogRepository;
}

export interface SessionRepository {
  get(id: string): Promise<Session | null>;
  /** The user's session that has not ended: there is never more than one. */
  liveOf(userId: string): Promise<Session | null>;
  /** Stores a session, new or changed. */
  save(session: Session): Promise<void>;
  /** Forgets sessions that ended before the time given (milliseconds since 1970). */
  forget(endedBefore: number): Promise<void>;
}

export interface UserRepository {
  get(id: string): Promise<User | null>;
  named(usernameKey: string): Promise<User | null>;
  /**
   * Everyone whose room this is. They need not be locked, since they would be kept from posting: whoever has got the room
   * knows that none of them leaves it, and gets whom it would change.
   */
  inRoom(roomId: string): Promise<User[]>;
  /** Stores a user, new or changed; two with one `usernameKey` cannot be. */
  save(user: User): Promise<void>;
  remove(user: User): Promise<void>;
}

export interface RoomRepository {
  get(id: string): Promise<Room | null>;
  /** The room of that name that is not deleted. */
  named(nameKey: string): Promise<Room | null>;
  /** Stores a room, new or changed; two that are not deleted cannot have one `nameKey`. */
  save(room: Room): Promise<void>;
}

export interface LogRepository {
  get(roomId: string): Promise<MessageLog | null>;
  /** What is known of an earlier post with this key, whether its entry is kept or not. */
  receipt(roomId: string, authorId: string, clientMessageId: string): Promise<Receipt | null>;
  /**
   * Stores the head, what was appended with its receipts, and drops what is older: entries below `first`, receipts
   * below `receiptFloor`. The log of a closed head keeps no entry and no receipt.
   */
  save(log: MessageLog): Promise<void>;
}

/* Presence: who is online. */

export interface Member {
  readonly userId: string;
  readonly username: string;
  readonly guest: boolean;
}

export interface OnlineUser {
  readonly username: string;
  readonly guest: boolean;
  readonly away: boolean;
}

/** Sorted by name; `version` changes when, and only when, the list does, and is the same on every instance. */
export interface OnlineList {
  readonly version: string;
  readonly users: readonly OnlineUser[];
}

/** How long after the last question a member counts as online, or as away, in milliseconds. */
export interface PresenceTimes {
  readonly onlineTtlMs: number;
  readonly awayTtlMs: number;
}

/** When a member of a room was seen, and left. Ages are whole milliseconds before the telling, since clocks differ; null is never. */
export interface SightTold {
  readonly roomId: string;
  readonly userId: string;
  /** Null where the teller knows only that they left. */
  readonly member: Member | null;
  readonly visibleAgeMs: number | null;
  readonly hiddenAgeMs: number | null;
  /** What was seen of the member before it left does not count, whoever saw it. */
  readonly goneAgeMs: number | null;
}

/** How processes that share a storage tell each other whom they saw. */
export interface PresenceExchange {
  /**
   * Tells what is new here, and learns what others told since last time of the rooms named; of a room not named then, all.
   * What was told before the clock of the storage was set back is forgotten, so that what is told from then on counts.
   * @param keptMs for how long at least what is told is to be known, in milliseconds
   */
  swap(told: readonly SightTold[], roomIds: readonly string[], keptMs: number): Promise<readonly SightTold[]>;
}

/** How processes that share a storage tell each other at once that something was written. */
export interface Hints {
  /** Something was written under these ids, of rooms (their logs) or of users. Never fails and never waits; it may be lost. */
  tell(ids: Iterable<string>): void;
  /** From now on `heard` is called with what others told; with null where it may have been anything, because hints were lost. */
  listen(heard: (ids: readonly string[] | null) => void): void;
}

/** A member's seat in a room: whoever asks again is noted by it, at less cost than by being looked for. */
export interface Seat {
  readonly roomId: string;
  /** Whether the member is still in it; if not, what is noted by it counts for nothing. */
  readonly isTaken: boolean;
  /** The member asked once more, as for `Presence.seen`. */
  seen(hidden: boolean, askedAt: number): void;
  /** Who is online in the room. */
  online(): OnlineList;
}

/**
 * Who is online (requirement C10). It counts time by a pace of its own, in milliseconds since some time in the past: a clock
 * that is set back or ahead makes nobody stay on the list, nor drop off it.
 */
export interface Presence {
  /** To tell later when somebody asked. */
  now(): number;
  /**
   * The member asked for news; `hidden` when nobody can see the tab that did. Whoever was gone from the room after they
   * asked is not seen by it.
   * @returns where the member sits now, null for whoever is not seen
   */
  seen(roomId: string, member: Member, hidden: boolean, askedAt: number): Seat | null;
  /** The member left, or logged out, before now: gone from the list at once. */
  gone(roomId: string, userId: string): void;
  online(roomId: string): OnlineList;
  /** How long ago the member last asked for news of the room, in milliseconds, as far as is known here. */
  lastSeenAgo(roomId: string, userId: string): number | undefined;
}

/* The system. */

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Time that passes evenly in this process, whatever the clock says: never for what is stored, or told to another process. */
export interface Pace {
  /** Milliseconds since some time in the past. */
  now(): number;
  /** Does it after so many milliseconds; 0 is after what is being answered now. */
  later(ms: number, work: () => void): void;
}

export interface Ids {
  /** A new opaque id: never given before, and not to be guessed. */
  next(): string;
}

/** Secrets that a browser bears, and what is stored in their place. */
export interface Tokens {
  mint(): string;
  /** What every token looks like, and nothing that could not be one: without anchors, to stand in a larger pattern. */
  readonly shape: RegExp;
  /** One way, always the same for the same text, fit to be an id. */
  digest(text: string): string;
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long where `hash` is null, so that nobody can tell which names have an account. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** The numbers that the rules are run with. */
export interface Rules {
  readonly roomHistory: number;
  readonly roomCapacity: number;
  readonly placeKeptMs: number;
  readonly loginDelayMs: number;
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
}
