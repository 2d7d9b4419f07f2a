import { ANSWER_MAX } from '../../domain/reading.js';
import type { RoomState } from '../../domain/room.js';
import type { Caller, Callers } from './callers.js';
import { Fresh } from './fresh.js';
import { Gathered, type Apart } from './gathered.js';
import { standingsShelf } from './standings-shelf.js';
import type { Outlook, Pace, Standing, Storage, Written } from '../ports.js';

const sameRoom = (a: RoomState, b: RoomState): boolean =>
  a === b || (Object.keys(b) as (keyof RoomState)[]).every((member) => a[member] === b[member]);

const sameRooms = (last: readonly RoomState[], read: readonly RoomState[]): boolean =>
  last.length === read.length && read.every((room, at) => sameRoom(last[at]!, room));

/**
 * What is newer, or the newest of it, goes behind what there was; outlook and room are the same objects as long as nothing
 * of them changed, so that work on them can be kept.
 */
const join = (last: Outlook | undefined, read: Outlook): Outlook => {
  if (last === undefined || last.head.epoch !== read.head.epoch || last.head.last > read.head.last)
    return read;
  const { head } = read;
  const room = sameRoom(last.room, read.room) ? last.room : read.room;
  if (last.head.last === head.last && last.head.first === head.first && room === last.room) return last;
  const entries = [...last.entries, ...read.entries].filter(({ seq }) => seq >= head.first);
  return { room, head, entries: entries.slice(-ANSWER_MAX) };
};

/**
 * How far apart questions after what others wrote begin, in milliseconds: 200 a second, for 5 ms of a second that a message may
 * be on its way anyhow; more only where so many wait for each that it costs them next to nothing.
 */
const APART_MS = 5;
const ENOUGH = 32;
/** The same for the list of rooms: each time all of it is read, and nobody waits for a word in it. */
const LISTS_APART_MS = 50;

/** The one list of rooms that there is. */
const LIST = '';

/** What every request asks about, ready and exact: who is asking, how a room stands, which rooms there are. */
export class Live {
  private readonly standings: Fresh<Standing>;
  private readonly outlooks: Fresh<Outlook>;
  private readonly listing: Fresh<readonly RoomState[]>;
  /** What others wrote, where others write too. */
  private readonly changes: Gathered<void> | null;
  private lastRooms: readonly RoomState[] = [];
  /** Of each room, to which only what is newer need be read. */
  private lastOutlooks = new Map<string, Outlook>();
  /** The rooms that were read since the last tidying. */
  private readonly readLately = new Set<string>();
  /** The live session of every user whose standing is kept. */
  private readonly sessionOf = new Map<string, string>();

  /**
   * @param callers who asks: what was read of them is kept with them
   * @param shared whether other processes write to the storage too
   * @param pace by which questions after what they wrote are kept apart then; without it they are not
   */
  constructor(
    private readonly storage: Pick<Storage, 'read' | 'changes'>,
    callers: Callers,
    shared: boolean,
    pace?: Pace,
  ) {
    const apart = (ms: number, enough = Infinity): Apart | null =>
      shared && pace !== undefined ? { ms, enough, pace } : null;
    this.standings = new Fresh((ids) => this.readStandings(ids), standingsShelf(callers));
    this.outlooks = new Fresh((ids) => this.readOutlooks(ids), new Map());
    this.listing = new Fresh((ids) => this.readListing(ids), new Map(), apart(LISTS_APART_MS));
    const enough = storage.changes === undefined ? Infinity : ENOUGH;
    this.changes = shared ? new Gathered(() => this.heedOthers(), apart(APART_MS, enough)) : null;
  }

  /**
   * Once it resolves, what others had written when it was called is known: until the request is answered, whatever is kept is
   * fresh enough for it. Null where nobody else writes.
   */
  catchUp(): Promise<void> | null {
    return this.changes && this.changes.ask();
  }

  /** For whoever has caught up. */
  standing({ standing, sessionId }: Caller): Standing | Promise<Standing | undefined> {
    return standing ?? this.standings.get(sessionId);
  }

  /** For whoever has caught up, or has written to it since it asked. */
  outlook(roomId: string): Outlook | Promise<Outlook | undefined> {
    return this.outlooks.peek(roomId) ?? this.outlooks.get(roomId);
  }

  /** For whoever has caught up. One array as long as no room changed, so that work on it can be kept. */
  async rooms(): Promise<readonly RoomState[]> {
    return (await this.listing.get(LIST)) ?? [];
  }

  /** To be told of every write, before it is acknowledged. */
  heed(written: Written): void {
    for (const id of written.sessions) this.standings.drop(id);
    for (const userId of written.users) {
      const sessionId = this.sessionOf.get(userId);
      const kept = sessionId === undefined ? undefined : this.standings.peek(sessionId);
      if (kept?.user?.id === userId) this.standings.drop(kept.session.id);
      // Nothing is kept of the user, but it may be among what is being read.
      else this.standings.distrust();
    }
    for (const id of written.rooms) this.outlooks.drop(id);
    for (const id of written.logs) this.outlooks.drop(id);
    if (written.rooms.size > 0) this.listing.drop(LIST);
  }

  /** To be told where others have written, and what is not known: nothing that was read before is true any more. */
  forget(): void {
    this.dropAll();
    // What is being read goes on to the old ones.
    this.lastOutlooks = new Map();
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
    for (const id of this.lastOutlooks.keys()) {
      if (!this.outlooks.peek(id) && !this.readLately.has(id)) this.lastOutlooks.delete(id);
    }
    this.readLately.clear();
  }

  private async heedOthers(): Promise<void> {
    if (this.storage.changes === undefined) return this.dropAll();
    const written = await this.storage.changes();
    if (written === null) this.forget();
    else this.heed(written);
  }

  private dropAll(): void {
    this.standings.dropAll();
    this.outlooks.dropAll();
    this.listing.dropAll();
    this.sessionOf.clear();
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

  /** Reads of each room what is newer than its last outlook. */
  private async readOutlooks(ids: readonly string[]): Promise<Map<string, Outlook>> {
    const { lastOutlooks } = this;
    const lastOnes = new Map(ids.map((roomId) => [roomId, lastOutlooks.get(roomId)]));
    const asked = ids.map((roomId) => {
      const head = lastOnes.get(roomId)?.head;
      return { roomId, epoch: head?.epoch ?? '', after: head?.last ?? 0 };
    });
    const found = await this.storage.read((from) => from.outlooks(asked, ANSWER_MAX));
    return new Map(
      found.map((one) => {
        const outlook = join(lastOnes.get(one.room.id), one);
        lastOutlooks.set(one.room.id, outlook);
        this.readLately.add(one.room.id);
        return [one.room.id, outlook];
      }),
    );
  }

  private async readListing(ids: readonly string[]): Promise<Map<string, readonly RoomState[]>> {
    const rooms = await this.storage.read((from) => from.rooms());
    if (!sameRooms(this.lastRooms, rooms)) this.lastRooms = rooms;
    return new Map(ids.map((id) => [id, this.lastRooms]));
  }
}
