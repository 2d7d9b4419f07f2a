import type { Asker } from './authenticate.js';
import type { OnlineList, Presence } from './ports.js';

/** Notes that a member asked for news of its room, and tells who else is there (requirement C10). */
export class TakePart {
  constructor(private readonly presence: Presence) {}

  /**
   * What is known of the asker may be as old as the question: in a room that was left since, it does not count as seen.
   * @param hidden whether nobody can see the tab that asks
   */
  execute({ caller, user, askedAt }: Asker, roomId: string, hidden: boolean): OnlineList {
    const { seat } = caller;
    if (seat !== null && seat.isTaken && seat.roomId === roomId) {
      seat.seen(hidden, askedAt);
      return seat.online();
    }
    const member = { userId: user.id, username: user.username, guest: user.passwordHash === null };
    caller.seat = this.presence.seen(roomId, member, hidden, askedAt);
    return this.presence.online(roomId);
  }
}
