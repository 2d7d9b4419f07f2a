import type { Log } from '../core/log.js';
import type { Pending } from '../core/outbox.js';
import type { Entry, OnlineList, Room, RoomsList, Session, Updates, User } from '../core/wire.js';
import { endedHeading } from '../core/words.js';
import { failure, type Api } from '../ports/api.js';
import type { Logins } from '../ports/logins.js';

export type Entered = Updates & { readonly room: Room };
export type Posted = Partial<Updates> & { readonly posted: Entry };

const over = failure(401, 'session-ended', endedHeading(null));

/**
 * What this client asks of the server, each by its name. Once anybody may have logged in by another tab, nothing is asked any more
 * that would be done in their name.
 */
export const createRequests = (api: Api, logins: Logins) => {
  let asked: string | null = null;
  let known: string | null = null;

  const isOver = (): boolean => known !== logins.mark();
  const ask: Api = async (method, path, how) => (isOver() ? over : api(method, path, how));

  /** Marked when it is answered, too: of two logins that overlap, the one answered last is whose session the browser has. */
  const begin = async (path: string, body: object) => {
    logins.change();
    const answer = await api<{ user: User }>('POST', path, { body });
    if (answer.ok) logins.change();
    return answer;
  };

  return {
    session(signal?: AbortSignal) {
      asked = logins.mark();
      return api<Session>('GET', '/api/session', { signal });
    },
    /** The page shows what the session's last answer says: from now on it acts for that user. */
    believe() {
      known = asked;
    },
    isOver,

    createAccount: (username: string, password: string) => begin('/api/accounts', { username, password }),
    logIn: (username: string, password: string, takeOver: boolean) =>
      begin('/api/session', { username, password, takeOver }),
    continueAsGuest: (username: string) => begin('/api/session', { username }),
    async logOut(signal: AbortSignal) {
      const answer = await ask('DELETE', '/api/session', { signal });
      if (answer.ok) logins.change();
      return answer;
    },

    whereabouts: (signal: AbortSignal) => ask<Session>('GET', '/api/session', { signal }),
    rooms: (tag: string | null, signal: AbortSignal) => ask<RoomsList>('GET', '/api/rooms', { tag, signal }),
    createRoom: (name: string, capacity: number | undefined) =>
      ask<{ room: Room }>('POST', '/api/rooms', { body: { name, capacity } }),
    deleteRoom: (roomId: string) => ask('DELETE', `/api/rooms/${roomId}`),

    enter: (roomId: string, signal: AbortSignal) =>
      ask<Entered>('PUT', '/api/session/room', { body: { roomId }, signal }),
    leave: (signal: AbortSignal) => ask('DELETE', '/api/session/room', { signal }),

    /** Nobody looks at a hidden tab: it asks once a second and says so, rather than have its answer held. */
    updates(
      roomId: string,
      log: Log,
      online: OnlineList | null,
      hidden: boolean,
      waitMs: number,
      signal: AbortSignal,
    ) {
      const query = new URLSearchParams({ after: String(log.cursor), epoch: log.epoch });
      if (online) query.set('online', online.version);
      if (hidden) query.set('hidden', '1');
      return ask<Updates>('GET', `/api/rooms/${roomId}/updates?${query}`, {
        waitMs: hidden ? 0 : waitMs,
        signal,
      });
    },
    post: (roomId: string, { id, text }: Pending, { cursor, epoch }: Log) =>
      ask<Posted>('POST', `/api/rooms/${roomId}/messages`, {
        body: { clientMessageId: id, text, after: cursor, epoch },
      }),
  };
};

export type Requests = ReturnType<typeof createRequests>;
