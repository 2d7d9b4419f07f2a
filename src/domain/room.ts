import { DomainError } from './domain-error.js';
import type { RoomName } from './room-name.js';

/** Times are milliseconds since 1970, UTC. `members` is how many users have this room as theirs, here or away. */
export interface RoomState {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly creatorId: string;
  readonly creator: string;
  readonly capacity: number;
  readonly members: number;
  readonly createdAt: number;
  readonly deletedBy: string | null;
  readonly deletedAt: number | null;
}

export const noSuchRoom = (): DomainError =>
  new DomainError('missing', 'no-such-room', 'There is no such room.');

export const notInRoom = (): DomainError =>
  new DomainError('forbidden', 'not-in-room', 'You are not in this room.');

export const roomNameTaken = (name: string): DomainError =>
  new DomainError('conflict', 'room-name-taken', `There is a room named “${name}” already.`, {
    field: 'name',
  });

/** The error for a room that is only a marker any more; it says what the room was and who deleted it. */
export const roomDeleted = (room: RoomState): DomainError =>
  new DomainError('gone', 'room-deleted', `“${room.name}” was deleted by ${room.deletedBy}.`, {
    room: { id: room.id, name: room.name, deleted: true, deletedBy: room.deletedBy },
    deletedBy: room.deletedBy,
  });

/** A place to talk: it knows its creator, how many it holds and how many are in it, and whether it was deleted, by whom. */
export class Room {
  constructor(private current: RoomState) {}

  static create(
    room: { id: string; name: RoomName; capacity: number },
    creator: { id: string; username: string },
    now: number,
  ): Room {
    return new Room({
      id: room.id,
      name: room.name.shown,
      nameKey: room.name.key,
      creatorId: creator.id,
      creator: creator.username,
      capacity: room.capacity,
      members: 0,
      createdAt: now,
      deletedBy: null,
      deletedAt: null,
    });
  }

  get state(): RoomState {
    return this.current;
  }

  get id(): string {
    return this.current.id;
  }

  get isDeleted(): boolean {
    return this.current.deletedBy !== null;
  }

  get isFull(): boolean {
    return this.current.members >= this.current.capacity;
  }

  /** @throws {DomainError} `room-deleted` */
  requireOpen(): void {
    if (this.isDeleted) throw roomDeleted(this.current);
  }

  /**
   * Takes one more in (requirement C09).
   * @throws {DomainError} `room-deleted`, `room-full`
   */
  admit(): void {
    this.requireOpen();
    if (this.isFull) {
      throw new DomainError(
        'conflict',
        'room-full',
        `“${this.current.name}” is full: it holds ${this.current.capacity}. Try again when someone has left.`,
      );
    }
    this.current = { ...this.current, members: this.current.members + 1 };
  }

  release(): void {
    this.current = { ...this.current, members: Math.max(0, this.current.members - 1) };
  }

  /**
   * Leaves only a marker of the room (requirements B17, B18). Its name is free again, its id never.
   * @throws {DomainError} `room-deleted`, `not-the-creator`
   */
  delete(by: { id: string; username: string }, now: number): void {
    this.requireOpen();
    if (by.id !== this.current.creatorId) {
      throw new DomainError(
        'forbidden',
        'not-the-creator',
        `Only ${this.current.creator}, who created “${this.current.name}”, can delete it.`,
      );
    }
    this.current = { ...this.current, deletedBy: by.username, deletedAt: now };
  }
}
