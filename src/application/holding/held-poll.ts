import type { Asker } from '../authenticate.js';
import type { Caller } from '../live/callers.js';
import type { Member } from '../ports.js';
import type { Known } from '../poll-room.js';

/** Whoever waits for the answer; `destroyed` once nobody does. */
export interface Connection {
  readonly destroyed: boolean;
}

/** A poll that waits until something is new for its reader. */
export class HeldPoll {
  readonly caller: Caller;
  readonly member: Member;
  /** Whether it is to be answered now, with something new or without. */
  isOver = false;
  /** Whether a list of those online that differs is now reason enough to answer. */
  isListDue = false;
  /** The list it stands on: its room's, or one of those that are to be roused; null once it is answered. */
  list: Set<HeldPoll> | null = null;
  private goOn: (() => void) | null = null;
  private isRoused = false;

  /** @param until by the pace by which polls are held, in milliseconds */
  constructor(
    { caller, user }: Asker,
    readonly roomId: string,
    readonly known: Known,
    readonly until: number,
    readonly connection: Connection,
  ) {
    this.caller = caller;
    this.member = { userId: user.id, username: user.username, guest: user.passwordHash === null };
  }

  /** False while it is being looked whether something is new. */
  get isWaiting(): boolean {
    return this.goOn !== null;
  }

  /** Lets it look; if it is looking now, once more after that, since what it finds may be older than this call. */
  rouse(): void {
    const { goOn } = this;
    this.goOn = null;
    if (goOn === null) this.isRoused = true;
    else goOn();
  }

  /** Resolves when it is roused; at once, where it was since it last waited. */
  roused(): Promise<void> {
    if (this.isRoused) {
      this.isRoused = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => (this.goOn = resolve));
  }
}
