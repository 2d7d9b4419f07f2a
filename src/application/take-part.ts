import type { Asker } from './authenticate.js';
import type { OnlineList, Presence } from './ports.js';

/** Notes that a member asked for news of its room, and tells who else is there (requirement C10). */
export class TakePart {
  constructor(private readonly presence: Presence) {}

  /**
   * What is known of the asker may be as old as the question: in a room that was left since, it does not count as seen.
   * @param known the version of the list that the member has, and whether nobody can see the tab that asks
   * @returns null when that list still holds
   */
  execute(
    { user, askedAt }: Asker,
    roomId: string,
    known: { online?: string | undefined; hidden: boolean },
  ): OnlineList | null {
    const member = { userId: user.id, username: user.username, guest: user.passwordHash === null };
    this.presence.seen(roomId, member, known.hidden, askedAt);
    const list = this.presence.online(roomId);
    return list.version === known.online ? null : list;
  }
}
