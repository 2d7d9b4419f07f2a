import type { HeldPoll } from './held-poll.js';
import type { HeldPolls } from './held-polls.js';
import type { Live } from '../live/live.js';
import type { Clock, Outlook, Pace, Presence } from '../ports.js';
import type { Sightings } from '../sightings.js';

const hasNewsIn = ({ head, room }: Outlook, { known }: HeldPoll): boolean =>
  head.last !== known.after ||
  (known.epoch !== undefined && known.epoch !== head.epoch) ||
  room.deletedBy !== null;

/** What held polls need though nobody writes: one timer does it for all of them. */
export class TendHeldPolls {
  /**
   * @param pace by which polls are held
   */
  constructor(
    private readonly polls: HeldPolls,
    private readonly live: Live,
    private readonly presence: Presence,
    private readonly sightings: Sightings,
    private readonly clock: Clock,
    private readonly pace: Pick<Pace, 'now'>,
  ) {}

  /** Answers those whose time is over, and lets go of those that nobody waits for. To be called some times a second. */
  sweep(): void {
    const now = this.pace.now();
    const ended: HeldPoll[] = [];
    for (const room of this.polls.rooms.values()) {
      for (const held of room) {
        held.isOver ||= held.until <= now;
        if (held.isOver || held.connection.destroyed) ended.push(held);
      }
    }
    this.polls.wake(ended);
  }

  /**
   * To be called about once a second: whoever waits is there, and is told who else is. Where others write too, hints of
   * what they wrote may have been lost, or are never sent, so storage is asked what was written, and that is read: rooms in one view, readers
   * in another. Whoever left elsewhere must not be noted as seen later than that, so they are looked after first.
   */
  async refresh(): Promise<void> {
    const asked = { at: this.clock.now(), byPresence: this.presence.now() };
    const waiting = [...this.polls.rooms.values()].flatMap((room) =>
      [...room].filter((held) => held.isWaiting && !held.connection.destroyed),
    );
    const caughtUp = this.live.catchUp();
    if (caughtUp === null) return this.tellWhoIsThere(waiting, asked);
    await caughtUp;
    const looking = [...this.polls.rooms.keys()].map(async (id) => this.lookInto(id));
    const [there] = await Promise.all([this.lookAfter(waiting), ...looking]);
    this.tellWhoIsThere(there, asked);
  }

  /** @param asked when it was asked whether they are there, or before: in milliseconds since 1970, and as presence counts */
  private tellWhoIsThere(there: readonly HeldPoll[], asked: { at: number; byPresence: number }): void {
    for (const held of there) {
      this.presence.seen(held.roomId, held.member, held.known.hidden, asked.byPresence);
      this.sightings.note(held.caller, asked.at);
    }
    const outdated: HeldPoll[] = [];
    for (const [roomId, room] of this.polls.rooms) {
      const { version } = this.presence.online(roomId);
      for (const held of room) {
        held.isListDue = held.known.online !== version;
        if (held.isListDue) outdated.push(held);
      }
    }
    this.polls.wake(outdated);
  }

  private async lookInto(roomId: string): Promise<void> {
    const outlook = await this.live.outlook(roomId);
    const room = this.polls.rooms.get(roomId) ?? [];
    this.polls.wake(outlook === undefined ? room : [...room].filter((held) => hasNewsIn(outlook, held)));
  }

  /** @returns those who are where they wait; the others are roused to be told why they are not */
  private async lookAfter(waiting: readonly HeldPoll[]): Promise<HeldPoll[]> {
    const standings = await Promise.all(waiting.map(async ({ caller }) => this.live.standing(caller)));
    const isThere = ({ roomId }: HeldPoll, at: number): boolean => {
      const { session, user } = standings[at] ?? {};
      return session?.ending === null && user?.roomId === roomId;
    };
    this.polls.wake(waiting.filter((held, at) => held.list !== null && !isThere(held, at)));
    return waiting.filter(isThere);
  }
}
