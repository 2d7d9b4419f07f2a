import { readRoomId } from '../domain/opaque-id.js';
import type { Cursor } from '../domain/reading.js';
import { noSuchRoom, notInRoom, roomDeleted } from '../domain/room.js';
import type { Asker } from './authenticate.js';
import type { Live } from './live/live.js';
import type { Outlook } from './ports.js';
import type { ReadUpdates, Updates } from './read-updates.js';
import type { TakePart } from './take-part.js';
import { whenKnown } from './live/when-known.js';

/** What the reader has. */
export interface Known extends Cursor {
  /** The version of the list of those online that the reader has. */
  readonly online?: string | undefined;
  readonly hidden: boolean;
}

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
    return whenKnown(this.live.outlookBeside(asker, readRoomId(roomId)), (outlook) =>
      this.answer(asker, known, outlook),
    );
  }

  private answer(asker: Asker, known: Known, outlook: Outlook | undefined): Updates | Promise<Updates> {
    if (outlook === undefined) throw noSuchRoom();
    if (outlook.room.deletedBy !== null) throw roomDeleted(outlook.room);
    if (asker.user.roomId !== outlook.room.id) throw notInRoom();
    const online = this.takePart.execute(asker, outlook.room.id, known);
    return this.readUpdates.execute(outlook, known, online);
  }
}
