import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { numbersOf, readLog, say } from '../../contract/scene.js';
import { freshPath, open, startPoster } from './scene.js';

/** What the process said before it was killed: numbers that were acknowledged, each with its key. */
const postAndKill = async (path: string): Promise<Map<number, string>> => {
  const poster = await startPoster(path);
  let said = '';
  poster.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(poster.stdout!, 'data');
  await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100));
  poster.kill('SIGKILL');
  await once(poster, 'close');
  const lines = said.slice(0, said.lastIndexOf('\n')).split('\n');
  return new Map(lines.map((line) => [Number(line.split(' ')[0]), line.split(' ')[1]!]));
};

test('a process killed in the middle of posting loses nothing that it acknowledged, three times over', async () => {
  const path = freshPath();
  const acknowledged = new Map<number, string>();
  for (let times = 0; times < 3; times++) {
    for (const [seq, key] of await postAndKill(path)) {
      expect(acknowledged.has(seq)).toBe(false);
      acknowledged.set(seq, key);
    }
  }
  expect(acknowledged.size).toBeGreaterThan(20);

  const storage = await open(path);
  const { head, entries } = await readLog(storage, 'tea');
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: head.last }, (_, at) => at + 1));
  for (const [seq, key] of acknowledged) expect(entries[seq - 1]!.clientMessageId).toBe(key);
  expect(new Set(entries.map(({ clientMessageId }) => clientMessageId)).size).toBe(entries.length);
  expect((await say(storage, 'tea', 'after')).seq).toBe(head.last + 1);
  expect(await numbersOf(storage, 'tea')).toHaveLength(head.last + 1);
});
