import { ANSWER_MAX } from '../domain/reading.js';
import type { RoomState } from '../domain/room.js';
import type { Written } from './announcing.js';
import { Fresh } from './fresh.js';
import type { Outlook, Standing, UnitOfWork } from './ports.js';

const sameRoom = (a: RoomState, b: RoomState): boolean =>
  a.members === b.members && a.deletedBy === b.deletedBy;

/** What is newer, or the newest of it, goes behind what is held; one object as long as nothing changed, so that work on it can be kept. */
const join = (held: Outlook | undefined, read: Outlook): Outlook => {
  if (held === undefined || held.head.epoch !== read.head.epoch || held.head.last > read.head.last)
    return read;
  const { head } = read;
  if (held.head.last === head.last && held.head.first === head.first && sameRoom(held.room, read.room)) {
    return held;
  }
  const entries = [...held.entries, ...read.entries].filter(({ seq }) => seq >= head.first);
  return { ...read, entries: entries.slice(-ANSWER_MAX) };
};

/** What every request asks about, ready and exact: who is asking, how a room stands, which rooms there are. */
export class Live {
  private readonly standings: Fresh<Standing>;
  private readonly outlooks: Fresh<Outlook>;
  private readonly listing: Fresh<readonly RoomState[]>;
  /** The last outlook on each room, to which only what is newer need be read. */
  private readonly held = new Map<string, Outlook>();
  /** The rooms that were read since the last tidying. */
  private readonly readLately = new Set<string>();
  /** The live session of every user whose standing is kept. */
  private readonly sessionOf = new Map<string, string>();

  /** @param shared whether other processes write to the storage too */
  constructor(
    private readonly storage: UnitOfWork,
    shared: boolean,
  ) {
    this.standings = new Fresh((ids) => this.readStandings(ids), !shared);
    this.outlooks = new Fresh((ids) => this.readOutlooks(ids), !shared);
    this.listing = new Fresh((ids) => this.readListing(ids), !shared);
  }

  standing(sessionId: string): Standing | Promise<Standing | undefined> {
    return this.standings.peek(sessionId) ?? this.standings.get(sessionId);
  }

  outlook(roomId: string): Outlook | Promise<Outlook | undefined> {
    return this.outlooks.peek(roomId) ?? this.outlooks.get(roomId);
  }

  async rooms(): Promise<readonly RoomState[]> {
    return (await this.listing.get('rooms')) ?? [];
  }

  /** To be told of every write, before it is acknowledged. */
  heed(written: Written): void {
    for (const id of written.sessions) this.standings.drop(id);
    for (const userId of written.users) {
      const sessionId = this.sessionOf.get(userId);
      // A user has one live session: if that is not kept, it may be among what is being read.
      if (sessionId !== undefined && this.standings.peek(sessionId)) this.standings.drop(sessionId);
      else this.standings.distrust();
    }
    for (const id of written.rooms) this.outlooks.drop(id);
    for (const id of written.logs) this.outlooks.drop(id);
    if (written.rooms.size > 0) this.listing.drop('rooms');
  }

  /** To be told where others have written, and what is not known: nothing that was read before is true any more. */
  forget(): void {
    this.standings.dropAll();
    this.outlooks.dropAll();
    this.listing.dropAll();
    this.sessionOf.clear();
    this.held.clear();
  }

  /** Lets go of whoever was not seen lately, and of the rooms that nobody is left in. */
  tidy(isInUse: (sessionId: string) => boolean): void {
    const roomsInUse = new Set<string | null>();
    this.standings.retain((id, { user }) => {
      const kept = isInUse(id);
      if (kept) roomsInUse.add(user?.roomId ?? null);
      return kept;
    });
    for (const [userId, id] of this.sessionOf) if (!this.standings.peek(id)) this.sessionOf.delete(userId);
    this.outlooks.retain((id) => roomsInUse.has(id));
    for (const id of this.held.keys()) {
      if (!this.outlooks.peek(id) && !this.readLately.has(id)) this.held.delete(id);
    }
    this.readLately.clear();
  }

  private async readStandings(ids: readonly string[]): Promise<Map<string, Standing>> {
    const found = await this.storage.read((from) => from.standings(ids));
    return new Map(
      found.map(({ session, user }) => {
        // Of a session that is over, only why is asked; its user goes on elsewhere and would grow old here.
        if (session.ending !== null) return [session.id, { session, user: null }];
        if (user !== null) this.sessionOf.set(user.id, session.id);
        return [session.id, { session, user }];
      }),
    );
  }

  private async readOutlooks(ids: readonly string[]): Promise<Map<string, Outlook>> {
    const held = new Map(ids.map((roomId) => [roomId, this.held.get(roomId)]));
    const asked = ids.map((roomId) => {
      const head = held.get(roomId)?.head;
      return { roomId, epoch: head?.epoch ?? '', after: head?.last ?? 0 };
    });
    const found = await this.storage.read((from) => from.outlooks(asked, ANSWER_MAX));
    return new Map(
      found.map((read) => {
        const outlook = join(held.get(read.room.id), read);
        this.held.set(read.room.id, outlook);
        this.readLately.add(read.room.id);
        return [read.room.id, outlook];
      }),
    );
  }

  private async readListing(ids: readonly string[]): Promise<Map<string, readonly RoomState[]>> {
    const rooms = await this.storage.read((from) => from.rooms());
    return new Map(ids.map((id) => [id, rooms]));
  }
}
