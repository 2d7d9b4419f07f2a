import { sqliteEngine } from '../../../src/adapters/storage/sqlite/sqlite-engine.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import { Room } from '../../../src/domain/room.js';

/* A process of its own that posts without end until a test kills it. */
const storage = await sqliteEngine.open(`sqlite:${process.argv[2]}`);
await storage.transact(async ({ rooms, logs }) => {
  if ((await rooms.get('tea')) !== null) return;
  const room = { id: 'tea', name: { shown: 'tea', key: 'tea' }, capacity: 9 };
  await rooms.save(Room.create(room, { id: 'creator', username: 'Creator' }, 1));
  await logs.save(MessageLog.open('tea', 'epoch'));
});

const post = (key: string): Promise<number> =>
  storage.transact(async ({ logs }) => {
    const log = (await logs.get('tea'))!;
    const message = { authorId: 'author', author: 'Author', guest: false, text: key, clientMessageId: key };
    const { seq } = log.append({ ...message, digest: key }, Date.now(), 1_000_000);
    await logs.save(log);
    return seq;
  });

const writer = async (name: string): Promise<never> => {
  for (let n = 1; ; n += 1) {
    const key = `${process.pid}-${name}-${n}`;
    process.stdout.write(`${await post(key)} ${key}\n`);
  }
};

await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(writer));
