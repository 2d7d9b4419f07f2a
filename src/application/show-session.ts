import { DomainError } from '../domain/domain-error.js';
import type { RoomState } from '../domain/room.js';
import type { SessionEnding } from '../domain/session.js';
import type { UserState } from '../domain/user.js';
import type { Authenticate } from './authenticate.js';
import type { Caller } from './live/callers.js';
import type { Live } from './live/live.js';

/** Who is asking and where they are; `room` may be deleted, until its user leaves it. */
export interface SessionShown {
  readonly user: UserState | null;
  readonly room: RoomState | null;
  readonly ended: SessionEnding | null;
}

/** What a page asks first, and whenever it is not sure (requirements C02, C08, B18). */
export class ShowSession {
  constructor(
    private readonly authenticate: Authenticate,
    private readonly live: Live,
  ) {}

  async execute(caller: Caller | null): Promise<SessionShown> {
    try {
      const { user } = await this.authenticate.execute(caller);
      const outlook = user.roomId === null ? undefined : await this.live.outlook(user.roomId);
      return { user, room: outlook?.room ?? null, ended: null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'unauthenticated') throw error;
      return {
        user: null,
        room: null,
        ended: (error.details['reason'] as SessionEnding | undefined) ?? null,
      };
    }
  }
}
