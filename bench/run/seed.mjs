import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './processes.mjs';

/* What was compiled is what is measured; it is loaded when it is there. */
const compiled = (path) => import(pathToFileURL(resolve(join(root, 'dist/server', path))));

const BATCH = 1000;
const HISTORY = 100;
const TEXT = 'Shall we meet at the library at noon, and bring the notes along?';

const parts = async () => {
  const { engineFor } = await compiled('adapters/storage/engines.js');
  const { MessageLog } = await compiled('domain/message-log.js');
  const { Room } = await compiled('domain/room.js');
  const { Session } = await compiled('domain/session.js');
  const { User } = await compiled('domain/user.js');
  const { sha256Tokens } = await compiled('adapters/system/sha256-tokens.js');
  return { engineFor, MessageLog, Room, Session, User, sha256Tokens };
};

/** Does the work for every number from 0, many in one transaction. */
const inBatches = async (storage, count, work) => {
  for (let from = 0; from < count; from += BATCH) {
    await storage.transact(async (to) => {
      for (let at = from; at < Math.min(count, from + BATCH); at += 1) await work(to, at);
    });
  }
};

/**
 * Puts users, rooms and posts where a server that is started afterwards finds them: through the storage's port and the rules,
 * as the server itself would, but many in one transaction.
 * @param posts how many have been posted in the first room so far
 * @returns of each user, `{ cookie, roomId, after, epoch, online }` as `settle` does; `catchUp` makes it current
 */
export const seed = async (address, { users, rooms, posts = 0 }) => {
  const { engineFor, MessageLog, Room, Session, User, sha256Tokens } = await parts();
  const storage = await (await engineFor(address)).open(address);
  const now = Date.now();
  const nameOf = (text) => ({ shown: text, key: text.toLowerCase() });
  const tokens = Array.from({ length: users }, () => sha256Tokens.mint());
  const membersOf = (room) => Math.ceil((users - room) / rooms);
  try {
    await inBatches(storage, rooms, async (to, at) => {
      const creator = { id: 'user0', username: 'user0' };
      const room = Room.create({ id: `room${at}`, name: nameOf(`Room ${at}`), capacity: 1000 }, creator, now);
      await to.rooms.save(new Room({ ...room.state, members: membersOf(at) }));
      await to.logs.save(MessageLog.open(room.id, `epoch${at}`));
    });
    await inBatches(storage, users, async (to, at) => {
      const guest = User.guest(`user${at}`, nameOf(`user${at}`), now);
      await to.users.save(new User({ ...guest.state, roomId: `room${at % rooms}` }));
      await to.sessions.save(Session.begin(sha256Tokens.digest(tokens[at]), guest.id, now));
    });
    const author = { authorId: 'user0', author: 'user0', guest: true };
    const digest = sha256Tokens.digest(TEXT);
    for (let from = 0; from < posts; from += BATCH) {
      await storage.transact(async (to) => {
        const log = await to.logs.get('room0');
        for (let at = from; at < Math.min(posts, from + BATCH); at += 1) {
          log.append({ ...author, text: TEXT, clientMessageId: `seeded${at}`, digest }, now, HISTORY);
        }
        await to.logs.save(log);
      });
    }
  } finally {
    await storage.close();
  }
  return tokens.map((token, at) => {
    const room = at % rooms;
    return { cookie: `parlour=${token}`, roomId: `room${room}`, after: 0, epoch: `epoch${room}`, online: '' };
  });
};
