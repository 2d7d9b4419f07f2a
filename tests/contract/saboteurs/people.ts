import type { Readers, Repositories } from '../../../src/application/ports.js';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import { Room, type RoomState } from '../../../src/domain/room.js';
import { Session, type SessionState } from '../../../src/domain/session.js';
import { User, type UserState } from '../../../src/domain/user.js';
import { NOW } from '../scene.js';
import { answering, behind, changed, storing, type Saboteur } from './sabotage.js';

/** An engine that sorts rooms in its own way. */
const sorting = (compare: (a: RoomState, b: RoomState) => number): Engine =>
  answering((from) => ({ rooms: async () => (await from.rooms()).sort(compare) }));

/** An engine that gets what was committed before, rather than what is there now. */
const outdated = (kind: 'rooms' | 'users'): Engine =>
  behind((storage) => {
    const committed = { rooms: new Map<string, RoomState>(), users: new Map<string, UserState>() };
    return {
      async transact(work) {
        const before = { rooms: new Map(committed.rooms), users: new Map(committed.users) };
        const saved: (RoomState | UserState)[] = [];
        const result = await storage.transact((to) =>
          work(
            changed(to, {
              rooms: {
                async get(id) {
                  const found = await to.rooms.get(id);
                  return found && new Room((kind === 'rooms' && before.rooms.get(id)) || found.state);
                },
                save(room) {
                  saved.push(room.state);
                  return to.rooms.save(room);
                },
              },
              users: {
                async named(key) {
                  const found = await to.users.named(key);
                  return found && new User((kind === 'users' && before.users.get(found.id)) || found.state);
                },
                save(user) {
                  saved.push(user.state);
                  return to.users.save(user);
                },
              },
            }),
          ),
        );
        for (const state of saved) {
          if ('username' in state) committed.users.set(state.id, state);
          else committed.rooms.set(state.id, state);
        }
        return result;
      },
    };
  });

/** An engine that looks for what is not there yet only among what was committed before. */
const blind = (change: (to: Repositories, committed: Readers) => Parameters<typeof changed>[1]): Engine =>
  behind((storage) => ({
    transact: (work) =>
      storage.read((committed) => storage.transact((to) => work(changed(to, change(to, committed))))),
  }));

/** Users, rooms and sessions: their names, and what is told of them. */
export const peopleSaboteurs: readonly Saboteur[] = [
  {
    does: 'compares usernames by case',
    caughtBy: 'names of users are the same whatever their case',
    engine: storing(() => ({ users }) => ({
      users: { save: ({ state }) => users.save(new User({ ...state, usernameKey: state.username })) },
    })),
  },
  {
    does: 'compares names of rooms by case',
    caughtBy: 'names of rooms are the same whatever their case',
    engine: storing(() => ({ rooms }) => ({
      rooms: { save: ({ state }) => rooms.save(new Room({ ...state, nameKey: state.name })) },
    })),
  },
  {
    does: 'puts a second user of a name in the place of the first',
    caughtBy: 'two users of one name cannot be: the second is refused, with all that came along',
    engine: storing(() => ({ users }) => ({
      users: {
        async save(user) {
          const holder = await users.named(user.state.usernameKey);
          if (holder !== null && holder.id !== user.id) await users.remove(holder);
          await users.save(user);
        },
      },
    })),
  },
  {
    does: 'has two rooms of one name',
    caughtBy: 'two rooms of one name cannot be: the second is refused, with all that came along',
    engine: storing(() => ({ rooms }) => ({
      rooms: {
        async save(room) {
          const holder = await rooms.named(room.state.nameKey);
          if (holder !== null && holder.id !== room.id) {
            await rooms.save(new Room({ ...holder.state, deletedBy: 'nobody', deletedAt: NOW }));
          }
          await rooms.save(room);
        },
      },
    })),
  },
  {
    does: 'holds the name of a room that was deleted',
    caughtBy: 'the name of a room that was deleted is free again, and its marker stays under its id',
    saying: 'UNIQUE constraint failed',
    engine: storing(() => {
      const taken = new Map<string, string>();
      return ({ rooms }) => ({
        rooms: {
          async save(room) {
            const { id, nameKey } = room.state;
            if ((taken.get(nameKey) ?? id) !== id) throw new Error('UNIQUE constraint failed');
            taken.set(nameKey, id);
            await rooms.save(room);
          },
        },
      });
    }),
  },
  {
    does: 'has the markers of deleted rooms unique by name',
    caughtBy: 'any number of deleted rooms may have had one name',
    saying: 'UNIQUE constraint failed',
    engine: storing(() => {
      const marked = new Map<string, string>();
      return ({ rooms }) => ({
        rooms: {
          async save(room) {
            const { id, nameKey, deletedBy } = room.state;
            if (deletedBy !== null && (marked.get(nameKey) ?? id) !== id)
              throw new Error('UNIQUE constraint failed');
            if (deletedBy !== null) marked.set(nameKey, id);
            await rooms.save(room);
          },
        },
      });
    }),
  },
  {
    does: 'holds the name of a user who was removed',
    caughtBy: 'the name of a user who was removed is free again, at once',
    saying: 'UNIQUE constraint failed',
    engine: storing(() => {
      const taken = new Map<string, string>();
      return ({ users }) => ({
        users: {
          async save(user) {
            const { id, usernameKey } = user.state;
            if ((taken.get(usernameKey) ?? id) !== id) throw new Error('UNIQUE constraint failed');
            taken.set(usernameKey, id);
            await users.save(user);
          },
        },
      });
    }),
  },
  {
    does: 'lets a user have two live sessions',
    caughtBy: 'two live sessions of one user cannot be, and a new one may begin where the old one ends',
    engine: storing(() => ({ sessions }) => ({
      sessions: {
        async save(session) {
          const live = session.isLive ? await sessions.liveOf(session.state.userId) : null;
          if (live !== null && live.state.id !== session.state.id) {
            await sessions.save(new Session({ ...live.state, ending: 'taken-over', endedAt: NOW }));
          }
          await sessions.save(session);
        },
      },
    })),
  },
  {
    does: 'gives a session that has ended for a live one',
    caughtBy: 'a session that has ended is nobody’s live session',
    engine: storing(() => {
      const latest = new Map<string, SessionState>();
      return ({ sessions }) => ({
        sessions: {
          async liveOf(userId) {
            const state = latest.get(userId);
            return (await sessions.liveOf(userId)) ?? (state === undefined ? null : new Session(state));
          },
          async save(session) {
            latest.set(session.state.userId, session.state);
            await sessions.save(session);
          },
        },
      });
    }),
  },
  {
    does: 'forgets live sessions with those that ended',
    caughtBy: 'forgotten are the sessions that ended before the time given, and no others',
    engine: storing(() => {
      const live = new Map<string, SessionState>();
      return ({ sessions }) => ({
        sessions: {
          async save(session) {
            const { id, ending } = session.state;
            if (ending === null) live.set(id, session.state);
            else live.delete(id);
            await sessions.save(session);
          },
          async forget(endedBefore) {
            for (const state of live.values()) {
              await sessions.save(new Session({ ...state, ending: 'expired', endedAt: endedBefore - 1 }));
            }
            await sessions.forget(endedBefore);
          },
        },
      });
    }),
  },
  {
    does: 'forgets a session that ended just then',
    caughtBy: 'forgotten are the sessions that ended before the time given, and no others',
    engine: storing(() => ({ sessions }) => ({
      sessions: { forget: (endedBefore) => sessions.forget(endedBefore + 1) },
    })),
  },
  {
    does: 'takes for stale only who was not seen, however long ago it began',
    caughtBy: 'stale are the live sessions last seen, or begun, before the times given',
    engine: answering((from) => ({
      staleSessions: (seenBefore, _, limit) => from.staleSessions(seenBefore, 0, limit),
    })),
  },
  {
    does: 'leaves out the standing of a session whose user is gone',
    caughtBy:
      'standings are of the sessions asked for that there are, live or ended, with their users if there are any',
    engine: answering((from) => ({
      standings: async (ids) => (await from.standings(ids)).filter(({ user }) => user !== null),
    })),
  },
  {
    does: 'leaves out the standing of a session that has ended',
    caughtBy:
      'standings are of the sessions asked for that there are, live or ended, with their users if there are any',
    engine: answering((from) => ({
      standings: async (ids) => (await from.standings(ids)).filter(({ session }) => session.ending === null),
    })),
  },
  {
    does: 'leaves out deleted rooms where their standing is asked for',
    caughtBy: 'each outlook is of its own room, deleted ones included',
    engine: answering((from) => ({
      outlooks: async (...asked) =>
        (await from.outlooks(...asked)).filter(({ room }) => room.deletedBy === null),
    })),
  },
  {
    does: 'sorts rooms by UTF-16 units',
    caughtBy: 'rooms are listed by the code points of their keys, whatever a language or UTF-16 would say',
    engine: sorting((a, b) => (a.nameKey < b.nameKey ? -1 : 1)),
  },
  {
    does: 'sorts rooms as a language does',
    caughtBy: 'rooms are listed by the code points of their keys, whatever a language or UTF-16 would say',
    engine: sorting((a, b) => a.nameKey.localeCompare(b.nameKey)),
  },
  {
    does: 'lists who was in a room once',
    caughtBy: 'in a room are those whose room it is',
    engine: storing(() => {
      const ever = new Map<string, Set<string>>();
      return ({ users }) => ({
        users: {
          async inRoom(roomId) {
            const found = await Promise.all([...(ever.get(roomId) ?? [])].map((id) => users.get(id)));
            return found.filter((user) => user !== null);
          },
          async save(user) {
            const { id, roomId } = user.state;
            if (roomId !== null) ever.set(roomId, new Set([...(ever.get(roomId) ?? []), id]));
            await users.save(user);
          },
        },
      });
    }),
  },
  {
    does: 'has no null for what is not there',
    caughtBy: 'what is not there is null, or nothing in a list, and no error',
    engine: answering((from) => ({
      userNamed: async (key) => (await from.userNamed(key)) ?? (undefined as unknown as null),
    })),
  },
  {
    does: 'gives an empty text for null',
    caughtBy: 'users, rooms and sessions come back with every field, whichever way they are asked for',
    engine: storing(() => ({ users }) => ({
      users: {
        save: ({ state }) => users.save(new User({ ...state, passwordHash: state.passwordHash ?? '' })),
      },
    })),
  },
  {
    does: 'leaves a column as it was when a user is saved again',
    caughtBy: 'whatever is saved again replaces what was there, field by field',
    engine: storing(() => ({ users }) => ({
      users: {
        async save({ id, state }) {
          const before = await users.get(id);
          await users.save(new User({ ...state, createdAt: before?.state.createdAt ?? state.createdAt }));
        },
      },
    })),
  },
  {
    does: 'loses a change that was made at the same time as another',
    caughtBy: 'of many who change one thing at once no change is lost',
    engine: outdated('rooms'),
  },
  {
    does: 'decides on what has changed since',
    caughtBy: 'what a transaction decided on is still true when it is saved',
    engine: outdated('users'),
  },
  {
    does: 'does not see a username that another is just taking',
    caughtBy: 'of twenty who take one username at once exactly one gets it, and the others are told so',
    engine: blind((_, committed) => ({
      users: {
        named: async (key) => {
          const state = await committed.userNamed(key);
          return state && new User(state);
        },
      },
    })),
  },
  {
    does: 'does not see a room that another is just creating',
    caughtBy: 'of twenty who create a room of one name at once exactly one does, and the others are told so',
    engine: blind((_, committed) => ({
      rooms: {
        named: async (key) => {
          const state = (await committed.rooms()).find(({ nameKey }) => nameKey === key);
          return state === undefined ? null : new Room(state);
        },
      },
    })),
  },
];
