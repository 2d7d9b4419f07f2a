import { askerIn, type Asker } from './authenticate.js';
import { departFrom } from './end-session.js';
import type { Presence, UnitOfWork } from './ports.js';

/** Leaving the room that one is in (requirement B09); for a deleted room it says that the user knows. */
export class LeaveRoom {
  constructor(
    private readonly storage: UnitOfWork,
    private readonly presence: Presence,
  ) {}

  /** Does nothing for a user who is in none. */
  async execute(asker: Asker): Promise<void> {
    const departure = await this.storage.transact(async (to) => {
      const user = await askerIn(to, asker);
      const left = await departFrom(to, user);
      if (left !== null) await to.users.save(user);
      return left;
    });
    if (departure !== null) this.presence.gone(departure.roomId, departure.userId);
  }
}
