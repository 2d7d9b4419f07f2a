/* What the server's answers hold. Times are RFC 3339 in UTC. */

export interface User {
  readonly id: string;
  readonly username: string;
  readonly guest: boolean;
}

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly creator: string;
  readonly mine: boolean;
  readonly members: number;
  readonly capacity: number;
}

export interface DeletedRoom {
  readonly id: string;
  readonly name: string;
  readonly deleted: true;
  readonly deletedBy: string;
}

export type EndReason = 'logged-out' | 'taken-over' | 'expired';

export interface Session {
  readonly user: User | null;
  readonly room: Room | DeletedRoom | null;
  readonly settings: {
    readonly pollIntervalMs: number;
    /** For how long a poll may be held until something is new; 0 or none: it is answered at once. */
    readonly pollWaitMs?: number;
  };
  readonly ended?: EndReason;
}

export interface Entry {
  readonly seq: number;
  readonly kind: string;
  readonly author: string;
  readonly guest: boolean;
  readonly text: string;
  readonly at: string;
  /** On the reader's own entries only. */
  readonly clientMessageId?: string;
}

export interface OnlineUser {
  readonly username: string;
  readonly guest: boolean;
  readonly away: boolean;
}

export interface OnlineList {
  readonly version: string;
  readonly users: readonly OnlineUser[];
}

export interface Updates {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly entries: readonly Entry[];
  readonly reset?: boolean;
  readonly missed?: number;
  readonly more?: boolean;
  readonly online?: OnlineList;
}

export interface RoomsList {
  readonly rooms: readonly Room[];
  readonly current: string | null;
}
