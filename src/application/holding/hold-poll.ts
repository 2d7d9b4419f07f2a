import { readRoomId } from '../../domain/opaque-id.js';
import type { Asker, Authenticate } from '../authenticate.js';
import { HeldPoll, type Connection } from './held-poll.js';
import type { HeldPolls } from './held-polls.js';
import type { Known, PollRoom } from '../poll-room.js';
import type { Pace } from '../ports.js';
import type { Updates } from '../read-updates.js';

/** A list that changes many times a second is told once a second at most: it alone answers only when it is due. */
const isNew = ({ entries, reset, missed, online }: Updates, { known, isListDue }: HeldPoll): boolean =>
  entries.length > 0 || reset || missed > 0 || (online !== null && (isListDue || known.online === undefined));

/** A poll that is answered when something is new for its reader, or when its time is over. */
export class HoldPoll {
  /**
   * @param pace by which its end is told, whatever becomes of the clock meanwhile
   * @param longestMs how long a poll is held at most
   */
  constructor(
    private readonly polls: HeldPolls,
    private readonly pollRoom: PollRoom,
    private readonly authenticate: Authenticate,
    private readonly pace: Pick<Pace, 'now'>,
    readonly longestMs: number,
  ) {}

  /**
   * @param waitMs how long the asker would wait
   * @returns null when the asker has gone away
   * @throws {DomainError} as `PollRoom` and `Authenticate` do, also of what happens while it is held
   */
  async execute(
    asker: Asker,
    id: unknown,
    known: Known,
    waitMs: number,
    connection: Connection,
  ): Promise<Updates | null> {
    const until = this.pace.now() + Math.min(waitMs, this.longestMs);
    const held = new HeldPoll(asker, readRoomId(id), known, until, connection);
    held.isOver = waitMs <= 0;
    this.polls.add(held);
    // Who asks was read before it was on the list, and with it how the room stood: before it waits it looks once more.
    held.rouse();
    try {
      let updates = await this.pollRoom.execute(asker, held.roomId, known);
      while (!held.isOver && !isNew(updates, held)) {
        await held.roused();
        if (connection.destroyed) return null;
        const reader = await this.authenticate.execute(held.caller);
        updates = await this.pollRoom.execute(reader, held.roomId, known);
      }
      return updates;
    } finally {
      this.polls.remove(held);
    }
  }
}
