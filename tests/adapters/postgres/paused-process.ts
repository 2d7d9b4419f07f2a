import { postgresEngine } from '../../../src/adapters/storage/postgres/postgres-engine.js';
import { post } from './scene.js';

/*
 * A process of its own that a test stops while it holds a room: in the middle of one transaction for all its posts, or of
 * one for each, where work that waits for something is not done together.
 */
const [address, roomId, count, way] = process.argv.slice(2);
const HELD_MS = 500;
const storage = await postgresEngine.open(address!);
const keys = Array.from({ length: Number(count) }, (_, at) => `paused ${at}`);

const say = (): void => void process.stdout.write('holding\n');

let hasSaid = false;
const together = async (): Promise<void> => {
  if (hasSaid) return;
  hasSaid = true;
  say();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_MS);
};

const seen = new Set<string>();
const apart = async (key: string): Promise<void> => {
  // The first run is the one with the others, which finds out that this work waits.
  if (seen.has(key)) say();
  seen.add(key);
  await new Promise((resolve) => setTimeout(resolve, HELD_MS));
};

await Promise.allSettled(
  keys.map((key) => post(storage, roomId!, key, way === 'together' ? together : () => apart(key))),
);
await storage.close();
