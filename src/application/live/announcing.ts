import type { Repositories, UnitOfWork, Written } from '../ports.js';

type Notes = { [kind in keyof Written]: Set<string> };

const noting = (to: Repositories, notes: Notes): Repositories => ({
  sessions: {
    get: (id) => to.sessions.get(id),
    liveOf: (userId) => to.sessions.liveOf(userId),
    forget: (endedBefore) => to.sessions.forget(endedBefore),
    save: (session) => {
      notes.sessions.add(session.state.id);
      return to.sessions.save(session);
    },
  },
  users: {
    get: (id) => to.users.get(id),
    named: (usernameKey) => to.users.named(usernameKey),
    inRoom: (roomId) => to.users.inRoom(roomId),
    save: (user) => {
      notes.users.add(user.id);
      return to.users.save(user);
    },
    remove: (user) => {
      notes.users.add(user.id);
      return to.users.remove(user);
    },
  },
  rooms: {
    get: (id) => to.rooms.get(id),
    named: (nameKey) => to.rooms.named(nameKey),
    save: (room) => {
      notes.rooms.add(room.id);
      return to.rooms.save(room);
    },
  },
  logs: {
    get: (roomId) => to.logs.get(roomId),
    receipt: (...key) => to.logs.receipt(...key),
    save: (log) => {
      notes.logs.add(log.head.roomId);
      return to.logs.save(log);
    },
  },
});

/**
 * The same unit of work, but `announce` hears what each transaction wrote, before whoever asked for it hears that it is
 * done: what is kept in memory can so never be older than an answer that was given. After a failure it hears it too,
 * since a commit whose confirmation was lost may have happened.
 */
export const announcing = (storage: UnitOfWork, announce: (written: Written) => void): UnitOfWork => ({
  read: (work) => storage.read(work),
  async transact(work) {
    const notes: Notes = { sessions: new Set(), users: new Set(), rooms: new Set(), logs: new Set() };
    try {
      return await storage.transact((to) => work(noting(to, notes)));
    } finally {
      announce(notes);
    }
  },
});
