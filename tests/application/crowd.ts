import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Entry } from '../../src/domain/message-log.js';
import { refusalOf } from '../support/refusal.js';
import { HOUR, makeHouse, PASSWORD, SECOND } from './fixture.js';

export const NAMES = ['Alice', 'Bobby', 'Carol', 'David'];
export const ROOMS = ['One', 'Two'];
/** No sum of the steps of time is one of these: nothing is due at the very moment when it is asked about. */
export const RULES = {
  roomHistory: 3,
  roomCapacity: 2,
  placeKeptMs: HOUR + 500,
  sessionIdleMs: 5 * HOUR + 500,
};

export const commands = fc.record({
  kind: fc.constantFrom(
    ...(['sign up', 'guest', 'log in', 'take over', 'log out', 'create', 'delete', 'later', 'tidy'] as const),
    ...(['enter', 'enter', 'enter', 'leave', 'post', 'post', 'post', 'retry', 'poll', 'poll'] as const),
  ),
  browser: fc.nat(3),
  name: fc.constantFrom(...NAMES),
  room: fc.constantFrom(...ROOMS),
  /** Whether to poll or post in that room, and not in the room that the browser shows. */
  astray: fc.constantFrom(false, false, false, true),
  minutes: fc.constantFrom(...([1, 30, 61, 301] as number[])),
});
export type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never;

/** What a reader has put together of a room from its polls: the log from `from` on. */
interface Reader {
  epoch?: string;
  after: number;
  entries: Entry[];
}

/** A few browsers, which know what they were told and nothing else. */
export class Crowd {
  readonly house = makeHouse(RULES);
  private readonly sessions = new Map<number, string>();
  private readonly everySession = new Set<string>();
  private readonly rooms = new Map<string, string>();
  private readonly everyRoom = new Set<string>();
  private readonly readers = new Map<string, Reader>();
  private readonly posted = new Map<string, Entry>();
  private readonly lastKeys = new Map<number, string>();
  private keys = 0;

  /** @returns the code of the refusal, or null */
  do({ kind, browser, name, room, minutes }: Command): Promise<string | null> {
    return refusalOf(() => {
      const { use } = this.house;
      const before = this.sessions.get(browser) ?? null;
      const asked = { username: name, password: PASSWORD, before };
      if (kind === 'later') return this.pass(minutes * 60 * SECOND);
      if (kind === 'tidy') return this.tidy();
      if (kind === 'sign up') return this.signIn(browser, use.createAccount.execute(asked));
      if (kind === 'guest') return this.signIn(browser, use.continueAsGuest.execute(asked));
      if (kind === 'log in') return this.signIn(browser, use.logIn.execute({ ...asked, takeOver: false }));
      if (kind === 'take over') return this.signIn(browser, use.logIn.execute({ ...asked, takeOver: true }));
      if (kind === 'log out') return use.logOut.execute(before);
      return this.ask(kind, browser, room);
    });
  }

  private async ask(kind: Command['kind'], browser: number, room: string): Promise<void> {
    const { use, authenticate, callers } = this.house;
    const sessionId = this.sessions.get(browser);
    const asker = await authenticate.execute(sessionId === undefined ? null : callers.of(sessionId));
    const roomId = this.rooms.get(room) ?? 'nowhere';
    if (kind === 'create') {
      const { id } = await use.createRoom.execute(asker, { name: room });
      this.rooms.set(room, id);
      this.everyRoom.add(id);
    }
    if (kind === 'delete') await use.deleteRoom.execute(asker, roomId);
    if (kind === 'enter') await use.enterRoom.execute(asker, roomId);
    if (kind === 'leave') await use.leaveRoom.execute(asker);
    if (kind === 'post') this.lastKeys.set(browser, `key-${++this.keys}`);
    if (kind === 'post' || kind === 'retry')
      await this.post(asker, roomId, this.lastKeys.get(browser) ?? 'key');
    if (kind === 'poll') await this.poll(asker, roomId);
  }

  private async signIn(browser: number, arrival: Promise<{ token: string }>): Promise<void> {
    const sessionId = `digest of ${(await arrival).token}`;
    this.sessions.set(browser, sessionId);
    this.everySession.add(sessionId);
  }

  private async pass(ms: number): Promise<void> {
    await this.house.sightings.store(0);
    this.house.clock.advance(ms);
    await this.house.use.expireSessions.execute();
    await this.house.sightings.store();
  }

  private async tidy(): Promise<void> {
    const now = this.house.clock.now();
    this.house.live.tidy((id) => now - this.house.sightings.of(id) < 5 * 60 * SECOND);
  }

  /** What was acknowledged keeps its number, however often it is retried. */
  private async post(asker: Asker, roomId: string, key: string): Promise<void> {
    const asked = { roomId, clientMessageId: key, text: `text of ${key}` };
    const { entry, repeated } = await this.house.use.postMessage.execute(asker, asked, null);
    const id = `${roomId} ${asker.user.id} ${key}`;
    const before = this.posted.get(id);
    expect(entry).toMatchObject({ text: asked.text, authorId: asker.user.id, clientMessageId: key });
    if (before !== undefined) expect({ entry, repeated }).toEqual({ entry: before, repeated: true });
    this.posted.set(id, entry);
  }

  /** Goes on from where the reader stands, by the rules of the contract, and finds no hole. */
  private async poll(asker: Asker, roomId: string): Promise<void> {
    const id = `${roomId} ${asker.user.id}`;
    const reader = this.readers.get(id) ?? { after: 0, entries: [] };
    const { after, epoch } = reader;
    const known = { after, epoch, hidden: false };
    const { entries, missed, reset, outlook } = await this.house.use.pollRoom.execute(asker, roomId, known);
    const { head } = outlook;
    expect(reset).toBe(false);
    expect(missed).toBe(Math.max(0, head.first - 1 - after));
    expect(entries.map(({ seq }) => seq)).toEqual(range(after + missed + 1, head.last));
    // Of two answers to one question, one is enough.
    if (reader.after !== after) return;
    this.readers.set(id, {
      epoch: head.epoch,
      after: head.last,
      entries: missed > 0 ? [...entries] : [...reader.entries, ...entries],
    });
  }

  /** What must be true whenever nobody is in the middle of something. */
  async check(): Promise<void> {
    const { users, rooms } = await this.stored();
    for (const { id, deletedBy, members, capacity } of rooms) {
      expect(users.filter(({ roomId }) => roomId === id)).toHaveLength(members);
      if (deletedBy === null) expect(members).toBeLessThanOrEqual(capacity);
      await this.checkLog(id, deletedBy !== null);
    }
    expect(await this.house.live.rooms()).toEqual(await this.house.storage.read((from) => from.rooms()));
    await this.checkSessions();
  }

  /** Nobody has two sessions, and what is kept of a session is what is stored. */
  private async checkSessions(): Promise<void> {
    const stored = await this.house.storage.read((from) => from.standings([...this.everySession]));
    const live = stored.filter(({ session }) => session.ending === null);
    expect(new Set(live.map(({ session }) => session.userId)).size).toBe(live.length);
    for (const standing of stored) {
      const kept = (await this.house.live.standing(this.house.callers.of(standing.session.id)))!;
      // Of an ended session nobody asks for more than how it ended.
      if (standing.session.ending === null) expect(kept).toEqual(standing);
      else expect(kept.session).toEqual(standing.session);
    }
  }

  /** The log has no holes, keeps what it should, and is what every reader has and every author was told. */
  private async checkLog(roomId: string, isDeleted: boolean): Promise<void> {
    const outlook = (await this.house.live.outlook(roomId))!;
    const asked = [{ roomId, epoch: '', after: 0 }];
    expect([outlook]).toEqual(await this.house.storage.read((from) => from.outlooks(asked, 100)));
    const { head, entries } = outlook;
    expect(head.closed).toBe(isDeleted);
    const kept = isDeleted ? 0 : Math.min(head.last, RULES.roomHistory);
    expect(entries.map(({ seq }) => seq)).toEqual(range(head.last - kept + 1, head.last));
    const told = [...this.posted].filter(([id]) => id.startsWith(`${roomId} `)).map(([, entry]) => entry);
    const read = [...this.readers].filter(([id]) => id.startsWith(`${roomId} `));
    expect(new Set(told.map(({ seq }) => seq)).size).toBe(head.last);
    const bySeq = new Map(told.map((entry) => [entry.seq, entry]));
    for (const entry of [...entries, ...read.flatMap(([, reader]) => reader.entries)]) {
      expect(entry).toEqual(bySeq.get(entry.seq));
    }
  }

  membersOf = async (room: string): Promise<number> => {
    const { rooms } = await this.stored();
    return rooms.find(({ id }) => id === this.rooms.get(room))?.members ?? 0;
  };

  private stored() {
    return this.house.storage.transact(async (to) => {
      const users = await Promise.all(NAMES.map((name) => to.users.named(name.toLowerCase())));
      const rooms = await Promise.all([...this.everyRoom].map((id) => to.rooms.get(id)));
      return {
        users: users.flatMap((user) => (user === null ? [] : [user.state])),
        rooms: rooms.map((room) => room!.state),
      };
    });
  }
}

type Asker = Awaited<ReturnType<ReturnType<typeof makeHouse>['as']>>;

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
