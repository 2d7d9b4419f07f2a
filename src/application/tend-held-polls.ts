import type { HeldPoll } from './held-poll.js';
import type { HeldPolls } from './held-polls.js';
import type { Live } from './live.js';
import type { Clock, Outlook, Pace, Presence } from './ports.js';
import type { Sightings } from './sightings.js';

/** Standings are asked about anew in one refreshing of so many. */
const STANDINGS_EVERY = 5;

const hasNewsIn = ({ head, room }: Outlook, { known }: HeldPoll): boolean =>
  head.last !== known.after ||
  (known.epoch !== undefined && known.epoch !== head.epoch) ||
  room.deletedBy !== null;

/** What held polls need though nobody writes: one timer does it for all of them. */
export class TendHeldPolls {
  private refreshings = 0;

  /**
   * @param pace by which polls are held
   * @param shared whether other processes write to the storage too
   */
  constructor(
    private readonly polls: HeldPolls,
    private readonly live: Live,
    private readonly presence: Presence,
    private readonly sightings: Sightings,
    private readonly clock: Clock,
    private readonly pace: Pick<Pace, 'now'>,
    private readonly shared: boolean,
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
   * what they wrote may have been lost, so storage is asked: one question for all rooms.
   */
  async refresh(): Promise<void> {
    this.tellWhoIsThere(this.clock.now());
    if (!this.shared || this.polls.rooms.size === 0) return;
    this.refreshings += 1;
    const asked = [...this.polls.rooms.keys()].map(async (id) => this.lookInto(id));
    if (this.refreshings % STANDINGS_EVERY === 0) asked.push(this.lookAfterReaders());
    await Promise.all(asked);
  }

  private tellWhoIsThere(now: number): void {
    const outdated: HeldPoll[] = [];
    for (const [roomId, room] of this.polls.rooms) {
      for (const held of room) {
        if (!held.isWaiting || held.connection.destroyed) continue;
        this.presence.seen(roomId, held.member, held.known.hidden, now);
        this.sightings.note(held.sessionId, now);
      }
      const { version } = this.presence.online(roomId, now);
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

  private async lookAfterReaders(): Promise<void> {
    const all = [...this.polls.rooms.values()].flatMap((room) => [...room]);
    await Promise.all(
      all.map(async (held) => {
        const standing = await this.live.standing(held.sessionId);
        const isThere = standing?.session.ending === null && standing.user?.roomId === held.roomId;
        if (!isThere && held.list !== null) this.polls.wake([held]);
      }),
    );
  }
}
