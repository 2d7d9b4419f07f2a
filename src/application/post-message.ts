import { DomainError } from '../domain/domain-error.js';
import { requireSameText, type Entry } from '../domain/message-log.js';
import { readMessageText } from '../domain/message-text.js';
import { readClientMessageId, readRoomId } from '../domain/opaque-id.js';
import type { Cursor } from '../domain/reading.js';
import { noSuchRoom, notInRoom, roomDeleted } from '../domain/room.js';
import { askerIn, type Asker } from './authenticate.js';
import type { Live } from './live/live.js';
import type { Clock, Rules, Tokens, UnitOfWork } from './ports.js';
import type { ReadUpdates, Updates } from './read-updates.js';

export interface Posted {
  readonly entry: Entry;
  /** Whether an earlier post with the same key stored it. */
  readonly repeated: boolean;
}

/** Saying something: stored under the session's user, under the next number, once (requirements A09, B08, B14). */
export class PostMessage {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly live: Live,
    private readonly readUpdates: ReadUpdates,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
    private readonly rules: Rules,
  ) {}

  /**
   * @param cursor where the author stands, if it wants the updates since then as well
   * @throws {DomainError} `invalid-room-id`, `invalid-client-message-id`, `empty-message`, `message-too-long`,
   *   `invalid-text`, `no-such-room`, `room-deleted`, `not-in-room`, `client-message-id-reused`
   */
  async execute(
    asker: Asker,
    asked: { roomId: unknown; clientMessageId: unknown; text: unknown },
    cursor: Cursor | null,
  ): Promise<Posted & { updates: Updates | null }> {
    const roomId = readRoomId(asked.roomId);
    const clientMessageId = readClientMessageId(asked.clientMessageId);
    const text = readMessageText(asked.text);
    const posted = await this.store(asker, { roomId, clientMessageId, text });
    // What was stored here is known here; what was stored before may have been elsewhere.
    if (cursor !== null && posted.repeated) await this.live.catchUp();
    return { ...posted, updates: cursor && (await this.updatesSince(roomId, cursor)) };
  }

  /** Null where the room is deleted by now: the post was stored nevertheless, and is answered so. */
  private async updatesSince(roomId: string, cursor: Cursor): Promise<Updates | null> {
    try {
      const outlook = await this.live.outlook(roomId);
      return outlook === undefined ? null : await this.readUpdates.execute(outlook, cursor, null);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private store(
    asker: Asker,
    { roomId, clientMessageId, text }: { roomId: string; clientMessageId: string; text: string },
  ): Promise<Posted> {
    const digest = this.tokens.digest(text);
    return this.storage.transact(async (to) => {
      // Asked together, so that storage elsewhere is waited for once; in the order in which they are locked.
      const [user, log, receipt] = await Promise.all([
        askerIn(to, asker),
        to.logs.get(roomId),
        to.logs.receipt(roomId, asker.user.id, clientMessageId),
      ]);
      if (log === null) throw noSuchRoom();
      if (log.head.closed) {
        const room = await to.rooms.get(roomId);
        throw room === null ? noSuchRoom() : roomDeleted(room.state);
      }
      if (!user.isIn(roomId)) throw notInRoom();
      const message = {
        authorId: user.id,
        author: user.username,
        guest: user.isGuest,
        text,
        clientMessageId,
      };
      if (receipt !== null) {
        requireSameText(receipt, digest);
        const entry: Entry = { seq: receipt.seq, kind: 'message', ...message, at: receipt.at };
        return { entry, repeated: true };
      }
      const entry = log.append({ ...message, digest }, this.clock.now(), this.rules.roomHistory);
      await to.logs.save(log);
      return { entry, repeated: false };
    });
  }
}
