import { DomainError } from './domain-error.js';
import type { Room } from './room.js';
import type { Username } from './username.js';

/** `passwordHash` is null for a guest. `roomId` is the one room that the user is in, or null. */
export interface UserState {
  readonly id: string;
  readonly username: string;
  readonly usernameKey: string;
  readonly passwordHash: string | null;
  readonly roomId: string | null;
  readonly createdAt: number;
}

export const usernameTaken = (username: string): DomainError =>
  new DomainError('conflict', 'username-taken', `The username “${username}” is taken.`, {
    field: 'username',
  });

export const alreadyLoggedIn = (username: string): DomainError =>
  new DomainError('conflict', 'already-logged-in', `${username} is logged in already.`, {
    field: 'username',
  });

/** Someone with a name: an account, proved by a password, or a guest, who has the name while the session lives. */
export class User {
  constructor(private current: UserState) {}

  static account(id: string, name: Username, passwordHash: string, now: number): User {
    return new User({ ...User.named(id, name, now), passwordHash });
  }

  static guest(id: string, name: Username, now: number): User {
    return new User(User.named(id, name, now));
  }

  private static named(id: string, name: Username, now: number): UserState {
    return {
      id,
      username: name.shown,
      usernameKey: name.key,
      passwordHash: null,
      roomId: null,
      createdAt: now,
    };
  }

  get state(): UserState {
    return this.current;
  }

  get id(): string {
    return this.current.id;
  }

  get username(): string {
    return this.current.username;
  }

  get isGuest(): boolean {
    return this.current.passwordHash === null;
  }

  get roomId(): string | null {
    return this.current.roomId;
  }

  isIn(roomId: string): boolean {
    return this.current.roomId === roomId;
  }

  /**
   * One room at a time (requirement B10). A room that was deleted meanwhile holds nobody back.
   * @param present the room that the user is in, if any
   * @throws {DomainError} `in-another-room` with that room's state as `room`
   */
  requireFree(present: Room | null): void {
    if (present === null || present.isDeleted) return;
    throw new DomainError(
      'conflict',
      'in-another-room',
      `You are in “${present.state.name}”. Leave it first: one room at a time.`,
      { room: present.state },
    );
  }

  /**
   * Goes into a room.
   * @param present the room that the user is in, if any
   * @throws {DomainError} `in-another-room` with that room's state as `room`; `room-deleted`; `room-full`
   */
  enter(room: Room, present: Room | null): void {
    room.requireOpen();
    if (this.isIn(room.id)) return;
    this.requireFree(present);
    room.admit();
    present?.release();
    this.current = { ...this.current, roomId: room.id };
  }

  /** @param present the room that the user is in, if any */
  leave(present: Room | null): void {
    present?.release();
    this.current = { ...this.current, roomId: null };
  }
}
