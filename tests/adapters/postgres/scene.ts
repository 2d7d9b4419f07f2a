import { postgresEngine } from '../../../src/adapters/storage/postgres/postgres-engine.js';
import type { UnitOfWork } from '../../../src/application/ports.js';
import { MessageLog, type Entry } from '../../../src/domain/message-log.js';
import { Room } from '../../../src/domain/room.js';
import { Session } from '../../../src/domain/session.js';
import { User } from '../../../src/domain/user.js';

export const open = (address: string) => postgresEngine.open(address);

/** A room with a log, for a test that needs no more. */
export const addRoom = (storage: UnitOfWork, id: string): Promise<void> =>
  storage.transact(async (to) => {
    const room = { id, name: { shown: id, key: id }, capacity: 9 };
    await to.rooms.save(Room.create(room, { id: 'creator', username: 'Creator' }, 1));
    await to.logs.save(MessageLog.open(id, `epoch of ${id}`));
  });

/** A guest and the session `session-of-ID`. */
export const addGuest = (storage: UnitOfWork, id: string): Promise<void> =>
  storage.transact(async (to) => {
    await to.users.save(User.guest(id, { shown: id, key: id }, 1));
    await to.sessions.save(Session.begin(`session-of-${id}`, id, 1));
  });

/** Posts as the use case does: takes the number and stores the entry in one transaction. */
export const post = (
  storage: UnitOfWork,
  roomId: string,
  key: string,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Entry> =>
  storage.transact(async ({ logs }) => {
    const log = (await logs.get(roomId))!;
    await meanwhile();
    const message = { authorId: 'author', author: 'Author', guest: false, text: key, clientMessageId: key };
    const entry = log.append({ ...message, digest: `digest of ${key}` }, 1000, 100_000);
    await logs.save(log);
    return entry;
  });

export const allEntries = (storage: UnitOfWork, roomId: string): Promise<Entry[]> =>
  storage.read((from) => from.entries(roomId, 1, 1_000_000));
