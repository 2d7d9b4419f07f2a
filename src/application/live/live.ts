import { ANSWER_MAX } from '../../domain/reading.js';
import type { RoomState } from '../../domain/room.js';
import type { SessionState } from '../../domain/session.js';
import type { Written } from './announcing.js';
import type { Caller, Callers } from './callers.js';
import { Fresh } from './fresh.js';
import { standingsShelf } from './standings-shelf.js';
import type { Outlook, OutlookAsked, Pace, Standing, Storage, Survey } from '../ports.js';

const sameRoom = (a: RoomState, b: RoomState): boolean =>
  a === b || (Object.keys(b) as (keyof RoomState)[]).every((member) => a[member] === b[member]);

const sameRooms = (last: readonly RoomState[], read: readonly RoomState[]): boolean =>
  last.length === read.length && read.every((room, at) => sameRoom(last[at]!, room));

/** What is newer, or the newest of it, goes behind what there was; one object as long as nothing changed, so that work on it can be kept. */
const join = (last: Outlook | undefined, read: Outlook): Outlook => {
  if (last === undefined || last.head.epoch !== read.head.epoch || last.head.last > read.head.last)
    return read;
  const { head } = read;
  if (last.head.last === head.last && last.head.first === head.first && sameRoom(last.room, read.room)) {
    return last;
  }
  const entries = [...last.entries, ...read.entries].filter(({ seq }) => seq >= head.first);
  return { ...read, entries: entries.slice(-ANSWER_MAX) };
};

/**
 * How far apart reads of one kind (standings, outlooks) of a shared storage begin, in milliseconds: 200 of each a second at
 * most, however many ask, for 5 ms of a second that a message may be on its way anyhow.
 */
const APART_MS = 5;
/** The same for the list of rooms: each time all of it is read, and nobody waits for a word in it. */
const LISTS_APART_MS = 50;

/** What every request asks about, ready and exact: who is asking, how a room stands, which rooms there are. */
export class Live {
  private readonly standings: Fresh<Standing>;
  private readonly outlooks: Fresh<Outlook>;
  private readonly listing: Fresh<readonly RoomState[]>;
  private lastRooms: readonly RoomState[] = [];
  /** Of each room, to which only what is newer need be read. */
  private readonly lastOutlooks = new Map<string, Outlook>();
  /** The rooms that were read since the last tidying. */
  private readonly readLately = new Set<string>();
  /** The live session of every user whose standing is kept. */
  private readonly sessionOf = new Map<string, string>();
  /** What was last found of each session that is live, where standings are not kept. */
  private readonly lastFound = new Map<string, Standing>();
  /** What was read in one view with the standings that were read last, by the session of each. */
  private readonly beside = new Map<SessionState, Outlook>();

  /**
   * @param callers who asks: what was read of them is kept with them
   * @param shared whether other processes write to the storage too
   * @param pace by which reads of it are kept apart then; without it they are not
   */
  constructor(
    private readonly storage: Pick<Storage, 'read' | 'survey'>,
    callers: Callers,
    private readonly shared: boolean,
    private readonly pace?: Pace,
  ) {
    const apart = (ms: number) => (shared && pace !== undefined ? { ms, pace } : null);
    this.standings = new Fresh(
      (ids) => this.readStandings(ids),
      shared ? null : standingsShelf(callers),
      apart(APART_MS),
    );
    this.outlooks = new Fresh((ids) => this.readOutlooks(ids), shared ? null : new Map(), apart(APART_MS));
    this.listing = new Fresh(
      (ids) => this.readListing(ids),
      shared ? null : new Map(),
      apart(LISTS_APART_MS),
    );
  }

  standing({ standing, sessionId }: Caller): Standing | Promise<Standing | undefined> {
    return standing ?? this.standings.get(sessionId);
  }

  /** What was last known: for whoever looks at it once more before anything comes of it. Undefined says to ask for it. */
  presumed({ standing, sessionId }: Caller): Standing | undefined {
    return standing ?? this.lastFound.get(sessionId);
  }

  outlook(roomId: string): Outlook | Promise<Outlook | undefined> {
    return this.outlooks.peek(roomId) ?? this.outlooks.get(roomId);
  }

  /**
   * The outlook for a request that has just asked for its standing: that which was read in the same view, if it was
   * this room's. A view that began after the request is as fresh for it as one that is asked for now.
   */
  outlookBeside(
    { session }: Pick<Standing, 'session'>,
    roomId: string,
  ): Outlook | Promise<Outlook | undefined> {
    const outlook = this.shared ? this.beside.get(session) : undefined;
    return outlook?.room.id === roomId ? outlook : this.outlook(roomId);
  }

  /** One array as long as no room changed, so that work on it can be kept. */
  async rooms(): Promise<readonly RoomState[]> {
    return (await this.listing.get('rooms')) ?? [];
  }

  /** To be told of every write, before it is acknowledged. */
  heed(written: Written): void {
    for (const id of written.sessions) this.standings.drop(id);
    for (const userId of written.users) {
      const sessionId = this.sessionOf.get(userId);
      if (sessionId !== undefined && this.standings.peek(sessionId)?.user?.id === userId) {
        this.standings.drop(sessionId);
        continue;
      }
      // That one is over, and another of the user may be kept already, or be among what is being read.
      this.standings.retain((_, { user }) => user?.id !== userId);
      this.standings.distrust();
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
    this.lastOutlooks.clear();
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
    for (const id of this.lastFound.keys()) if (!isInUse(id)) this.lastFound.delete(id);
  }

  private async readStandings(ids: readonly string[]): Promise<Map<string, Standing>> {
    if (this.shared && this.pace !== undefined) return this.readStandingsAndOutlooks(ids, this.pace);
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

  /** Whoever polls asks about their room next: it is read in the same view, if they are where they were last time. */
  private async readStandingsAndOutlooks(ids: readonly string[], pace: Pace): Promise<Map<string, Standing>> {
    const roomIds = new Set(ids.flatMap((id) => this.lastFound.get(id)?.user?.roomId ?? []));
    let found: readonly Standing[] = [];
    const outlooks = await this.look([...roomIds], async (asked) => {
      const survey = await this.survey(ids, asked);
      found = survey.standings;
      return survey.outlooks;
    });
    for (const id of ids) this.lastFound.delete(id);
    for (const standing of found) {
      const { session, user } = standing;
      this.beside.delete(session);
      if (session.ending !== null || user === null) continue;
      this.lastFound.set(session.id, standing);
      const outlook = user.roomId === null ? undefined : outlooks.get(user.roomId);
      if (outlook !== undefined) this.beside.set(session, outlook);
    }
    // Whoever comes back to a standing later, after waiting for something, must not find the outlook of then.
    pace.later(0, () => {
      for (const { session } of found) this.beside.delete(session);
    });
    return new Map(found.map((standing) => [standing.session.id, standing]));
  }

  private survey(ids: readonly string[], asked: readonly OutlookAsked[]): Promise<Survey> {
    if (this.storage.survey !== undefined) return this.storage.survey(ids, asked, ANSWER_MAX);
    return this.storage.read(async (from) => {
      const [standings, outlooks] = await Promise.all([
        from.standings(ids),
        from.outlooks(asked, ANSWER_MAX),
      ]);
      return { standings, outlooks };
    });
  }

  private readOutlooks(ids: readonly string[]): Promise<Map<string, Outlook>> {
    return this.look(ids, (asked) => this.storage.read((from) => from.outlooks(asked, ANSWER_MAX)));
  }

  /** Reads of each room what is newer than its last outlook. Others may read meanwhile: what is read goes with the one that was last when it was asked for. */
  private async look(
    ids: readonly string[],
    read: (asked: readonly OutlookAsked[]) => Promise<readonly Outlook[]>,
  ): Promise<Map<string, Outlook>> {
    const lastOnes = new Map(ids.map((roomId) => [roomId, this.lastOutlooks.get(roomId)]));
    const asked = ids.map((roomId) => {
      const head = lastOnes.get(roomId)?.head;
      return { roomId, epoch: head?.epoch ?? '', after: head?.last ?? 0 };
    });
    const found = await read(asked);
    return new Map(
      found.map((one) => {
        const outlook = join(lastOnes.get(one.room.id), one);
        this.lastOutlooks.set(one.room.id, outlook);
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
