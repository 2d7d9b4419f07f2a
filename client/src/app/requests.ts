import type { Log } from '../core/log.js';
import type { Pending } from '../core/outbox.js';
import type { Entry, OnlineList, Room, RoomsList, Session, Updates, User } from '../core/wire.js';
import type { Api } from '../ports/api.js';

export type Entered = Updates & { readonly room: Room };
export type Posted = Partial<Updates> & { readonly posted: Entry };

/** What this client asks of the server, each by its name. */
export const createRequests = (api: Api) => ({
  session: (signal?: AbortSignal) => api<Session>('GET', '/api/session', { signal }),
  createAccount: (username: string, password: string) =>
    api<{ user: User }>('POST', '/api/accounts', { body: { username, password } }),
  logIn: (username: string, password: string, takeOver: boolean) =>
    api<{ user: User }>('POST', '/api/session', {
      body: { username, password, takeOver },
    }),
  continueAsGuest: (username: string) => api<{ user: User }>('POST', '/api/session', { body: { username } }),
  logOut: (signal: AbortSignal) => api('DELETE', '/api/session', { signal }),

  rooms: (tag: string | null, signal: AbortSignal) => api<RoomsList>('GET', '/api/rooms', { tag, signal }),
  createRoom: (name: string, capacity: number | undefined) =>
    api<{ room: Room }>('POST', '/api/rooms', { body: { name, capacity } }),
  deleteRoom: (roomId: string) => api('DELETE', `/api/rooms/${roomId}`),

  enter: (roomId: string, signal: AbortSignal) =>
    api<Entered>('PUT', '/api/session/room', { body: { roomId }, signal }),
  leave: (signal: AbortSignal) => api('DELETE', '/api/session/room', { signal }),

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
    return api<Updates>('GET', `/api/rooms/${roomId}/updates?${query}`, {
      waitMs: hidden ? 0 : waitMs,
      signal,
    });
  },
  post: (roomId: string, { id, text }: Pending, { cursor, epoch }: Log) =>
    api<Posted>('POST', `/api/rooms/${roomId}/messages`, {
      body: { clientMessageId: id, text, after: cursor, epoch },
    }),
});

export type Requests = ReturnType<typeof createRequests>;
