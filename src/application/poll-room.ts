import { readRoomId } from '../domain/opaque-id.js';
import type { Cursor } from '../domain/reading.js';
import { noSuchRoom, notInRoom, roomDeleted } from '../domain/room.js';
import type { Asker } from './authenticate.js';
import type { Live } from './live/live.js';
import type { OnlineList, Outlook } from './ports.js';
import type { ReadUpdates, Updates } from './read-updates.js';
import type { TakePart } from './take-part.js';
import { whenKnown } from './live/when-known.js';

/** What the reader has. */
export interface Known extends Cursor {
  /** The version of the list of those online that the reader has. */
  readonly online?: string | undefined;
  readonly hidden: boolean;
  /**
   * What whoever knows the same was told last: that nothing is new, which holds as long as room and list are what they were.
   * `PollRoom` keeps it.
   */
  answered?: { readonly updates: Updates; readonly list: OnlineList } | undefined;
}

const isNothing = ({ entries, reset, missed, online }: Updates): boolean =>
  entries.length === 0 && !reset && missed === 0 && online === null;

/** The question that every page asks once a second (requirements B07, B13, B15). */
export class PollRoom {
  constructor(
    private readonly live: Live,
    private readonly takePart: TakePart,
    private readonly readUpdates: ReadUpdates,
  ) {}

  /**
   * Answers at once where nothing has to be read.
   * @throws {DomainError} `invalid-room-id`, `no-such-room`, `room-deleted`, `not-in-room`
   */
  execute(asker: Asker, roomId: unknown, known: Known): Updates | Promise<Updates> {
    const id = readRoomId(roomId);
    return whenKnown(this.live.outlook(id), (outlook) => this.answer(asker, id, known, outlook));
  }

  private answer(
    asker: Asker,
    roomId: string,
    known: Known,
    outlook: Outlook | undefined,
  ): Updates | Promise<Updates> {
    if (outlook === undefined) throw noSuchRoom();
    if (outlook.room.deletedBy !== null) throw roomDeleted(outlook.room);
    if (asker.user.roomId !== roomId) throw notInRoom();
    const list = this.takePart.execute(asker, roomId, known.hidden);
    const { answered } = known;
    if (answered?.updates.outlook === outlook && answered.list === list) return answered.updates;
    const online = list.version === known.online ? null : list;
    return whenKnown(this.readUpdates.execute(outlook, known, online), (updates) => {
      if (isNothing(updates)) known.answered = { updates, list };
      return updates;
    });
  }
}
