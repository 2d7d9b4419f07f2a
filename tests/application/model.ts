/** What the rules come to for a few people and rooms, one thing after the other: as little as can be said about it. */
export interface Limits {
  readonly capacity: number;
  readonly placeKeptMs: number;
  readonly idleMs: number;
}

interface Someone {
  readonly isAccount: boolean;
  readonly name: string;
  room: Place | null;
  seenAt: number;
  browser: number | null;
}

interface Place {
  readonly name: string;
  readonly creator: Someone;
  isDeleted: boolean;
}

/** Every method answers by the code of the refusal, or null. */
export class Model {
  private readonly people = new Map<string, Someone>();
  private readonly browsers = new Map<number, Someone | null>();
  readonly rooms = new Map<string, Place>();

  constructor(private readonly limits: Limits) {}

  signUp(browser: number, name: string, now: number): string | null {
    const holder = this.people.get(name);
    if (holder && (holder.isAccount || holder.browser !== null)) return 'username-taken';
    return this.arrive(browser, this.person(name, true), now);
  }

  beginAsGuest(browser: number, name: string, now: number): string | null {
    const holder = this.people.get(name);
    if (holder?.isAccount) return 'username-taken';
    if (holder && holder.browser !== null) return 'already-logged-in';
    return this.arrive(browser, this.person(name, false), now);
  }

  logIn(browser: number, name: string, takeOver: boolean, now: number): string | null {
    const holder = this.people.get(name);
    if (!holder?.isAccount) return 'wrong-credentials';
    if (holder.browser !== null && !takeOver) return 'already-logged-in';
    return this.arrive(browser, holder, now);
  }

  logOut(browser: number): null {
    const someone = this.browsers.get(browser);
    if (someone) this.depart(someone);
    return null;
  }

  create(browser: number, name: string, now: number): string | null {
    return this.asking(browser, now, (creator) => {
      const holder = this.rooms.get(name);
      if (holder && !holder.isDeleted) return 'room-name-taken';
      this.rooms.set(name, { name, creator, isDeleted: false });
      return null;
    });
  }

  delete(browser: number, name: string, now: number): string | null {
    return this.asking(browser, now, (someone) => {
      const room = this.rooms.get(name);
      if (!room) return 'no-such-room';
      if (room.isDeleted) return 'room-deleted';
      if (room.creator !== someone) return 'not-the-creator';
      room.isDeleted = true;
      return null;
    });
  }

  enter(browser: number, name: string, now: number): string | null {
    return this.asking(browser, now, (someone) => {
      const room = this.rooms.get(name);
      if (!room) return 'no-such-room';
      if (room.isDeleted) return 'room-deleted';
      if (someone.room === room) return null;
      if (someone.room && !someone.room.isDeleted) return 'in-another-room';
      const members = this.membersOf(room).sort((a, b) => a.seenAt - b.seenAt);
      if (members.length >= this.limits.capacity) {
        if (members[0]!.seenAt > now - this.limits.placeKeptMs) return 'room-full';
        members[0]!.room = null;
      }
      someone.room = room;
      return null;
    });
  }

  leave(browser: number, now: number): string | null {
    return this.asking(browser, now, (someone) => {
      someone.room = null;
      return null;
    });
  }

  /** Reading and posting need the same right. */
  takePart(browser: number, name: string, now: number): string | null {
    return this.asking(browser, now, (someone) => {
      const room = this.rooms.get(name);
      if (!room) return 'no-such-room';
      if (room.isDeleted) return 'room-deleted';
      return someone.room === room ? null : 'not-in-room';
    });
  }

  pass(now: number): void {
    for (const someone of this.people.values()) {
      if (someone.browser !== null && now - someone.seenAt >= this.limits.idleMs) this.depart(someone);
    }
  }

  membersOf(room: Place): Someone[] {
    return [...this.people.values()].filter((someone) => someone.room === room);
  }

  roomOf(browser: number): string | null {
    return this.browsers.get(browser)?.room?.name ?? null;
  }

  private person(name: string, isAccount: boolean): Someone {
    const someone: Someone = { isAccount, name, room: null, seenAt: 0, browser: null };
    this.people.set(name, someone);
    return someone;
  }

  /** A browser’s earlier session ends; a user’s session elsewhere ends without leaving the room. */
  private arrive(browser: number, someone: Someone, now: number): null {
    const before = this.browsers.get(browser);
    if (before && before !== someone) this.depart(before);
    if (someone.browser !== null) this.browsers.set(someone.browser, null);
    this.browsers.set(browser, someone);
    someone.browser = browser;
    someone.seenAt = now;
    return null;
  }

  private depart(someone: Someone): void {
    this.browsers.set(someone.browser!, null);
    someone.browser = null;
    someone.room = null;
    if (!someone.isAccount) this.people.delete(someone.name);
  }

  private asking(browser: number, now: number, ask: (someone: Someone) => string | null): string | null {
    const someone = this.browsers.get(browser);
    if (someone === undefined) return 'not-logged-in';
    if (someone === null) return 'session-ended';
    someone.seenAt = now;
    return ask(someone);
  }
}
