import { expect, test } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcome, Visitor } from '../http/visitor.js';
import { ServerProcess } from './process.js';

const storage = (): string => `sqlite:${join(mkdtempSync(join(tmpdir(), 'parlour-ending-')), 'parlour.db')}`;

const guest = async (address: string, username: string): Promise<Visitor> => {
  const visitor = new Visitor(address);
  expect(outcome(await visitor.post('/api/session', { username }))).toBe('200');
  return visitor;
};

test('SIGTERM: a post under way is answered and stored, idle connections are closed, and it ends by itself', async () => {
  const STORAGE = storage();
  const server = await ServerProcess.start({ STORAGE });
  const user = await guest(server.address, 'Ending1');
  const room = await user.createRoom('Last words');
  await user.enter(room);

  const { port } = new URL(server.address);
  const idle = connect(Number(port), '127.0.0.1');
  idle.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await once(idle, 'data');
  const idleClosed = once(idle, 'close');

  const body = JSON.stringify({ clientMessageId: 'last', text: 'said while it ended' });
  const slow = connect(Number(port), '127.0.0.1');
  let heard = '';
  slow.on('data', (chunk) => (heard += String(chunk)));
  slow.write(
    `POST /api/rooms/${room}/messages HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${user.cookie!}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  while (!heard.includes('100 Continue')) await once(slow, 'data');
  const ended = server.signal('SIGTERM');
  await idleClosed;
  await expect(fetch(`${server.address}/healthz`)).rejects.toThrow();
  slow.write(body);
  await once(slow, 'close');
  expect(heard).toMatch(/HTTP\/1\.1 201 Created/);
  expect(await ended).toBe(0);

  const again = await ServerProcess.start({ STORAGE });
  const back = new Visitor(again.address);
  back.cookie = user.cookie;
  expect((await back.poll(room, 'after=0')).body.entries[0].text).toBe('said while it ended');
  expect(await again.signal('SIGTERM')).toBe(0);
});

test('C13 users, rooms, messages and sessions outlive five times kill -9 under load: nothing acknowledged is lost or doubled', async () => {
  const STORAGE = storage();
  let server = await ServerProcess.start({ STORAGE });
  const users = await Promise.all(
    Array.from({ length: 6 }, (_, at) => guest(server.address, `Survivor${at}`)),
  );
  const account = new Visitor(server.address);
  await account.post('/api/accounts', { username: 'Account1', password: 'correct horse battery' });
  const room = await users[0]!.createRoom('Unsinkable');
  for (const user of [...users, account]) await user.enter(room);
  const acknowledged = new Map<string, number>();
  const cookies = [...users, account].map(({ cookie }) => cookie);
  let sent = 0;

  for (let round = 0; round < 5; round += 1) {
    const target = acknowledged.size + 15;
    let killed = false;
    const chatter = users.map(async (_, at) => {
      const user = new Visitor(server.address);
      user.cookie = cookies[at]!;
      while (!killed) {
        const id = `say-${(sent += 1)}`;
        const answer = await user.say(room, `text of ${id}`, id).catch(() => null);
        if (answer?.status === 201) acknowledged.set(id, answer.body.posted.seq as number);
        else if (answer === null) return;
      }
    });
    while (acknowledged.size < target) await new Promise(setImmediate);
    await server.signal('SIGKILL');
    killed = true;
    await Promise.all(chatter);
    server = await ServerProcess.start({ STORAGE, ROOM_HISTORY: '100' });

    for (const [at, cookie] of cookies.entries()) {
      const back = new Visitor(server.address);
      back.cookie = cookie!;
      const { body } = await back.get('/api/session');
      expect([at, body.user?.username, body.room?.id]).toEqual([
        at,
        at < users.length ? `Survivor${at}` : 'Account1',
        room,
      ]);
    }
    const reader = new Visitor(server.address);
    reader.cookie = cookies[0]!;
    const { body } = await reader.poll(room, 'after=0');
    const entries = body.entries as { seq: number; text: string }[];
    entries.forEach(({ seq }, at) => expect(seq).toBe((body.first as number) + at));
    expect(new Set(entries.map(({ text }) => text)).size).toBe(entries.length);
    const textOf = new Map(entries.map(({ seq, text }) => [seq, text]));
    const kept = [...acknowledged].filter(([, seq]) => seq >= (body.first as number));
    expect(kept.length).toBeGreaterThan(0);
    for (const [id, seq] of kept) expect(textOf.get(seq)).toBe(`text of ${id}`);
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
    expect(Math.max(...acknowledged.values())).toBeLessThanOrEqual(body.last as number);
  }
  await server.signal('SIGKILL');
});
