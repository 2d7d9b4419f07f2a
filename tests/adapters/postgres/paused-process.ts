import { postgresEngine } from '../../../src/adapters/storage/postgres/postgres-engine.js';
import { post } from './scene.js';

/* A process of its own that a test stops in the middle of its transactions, all of them on one room. */
const [address, roomId, count] = process.argv.slice(2);
const storage = await postgresEngine.open(address!);
const keys = Array.from({ length: Number(count) }, (_, at) => `paused ${at}`);
await Promise.allSettled(
  keys.map((key) =>
    post(storage, roomId!, key, async () => {
      process.stdout.write('holding\n');
      await new Promise((resolve) => setTimeout(resolve, 300));
    }),
  ),
);
await storage.close();
