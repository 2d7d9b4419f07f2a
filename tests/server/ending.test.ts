import { expect, test } from '@jest/globals';
import { outcome, Visitor } from '../http/visitor.js';
import { Line } from './line.js';
import { newStorage, ServerProcess } from './process.js';

const guest = async (address: string, username: string): Promise<Visitor> => {
  const visitor = new Visitor(address);
  expect(outcome(await visitor.post('/api/session', { username }))).toBe('200');
  return visitor;
};

test('SIGTERM: posts under way are answered and stored, nothing new is taken, idle connections are closed, and it ends by itself', async () => {
  const STORAGE = newStorage();
  const server = await ServerProcess.start({ STORAGE });
  const user = await guest(server.address, 'Ending1');
  const room = await user.createRoom('Last words');
  await user.enter(room);

  const post = (id: string) => JSON.stringify({ clientMessageId: id, text: `${id}, said while it ended` });
  const headers = { Cookie: user.cookie! };
  const [idle, silent, one, two] = await Promise.all([1, 2, 3, 4].map(() => Line.open(server.port)));
  idle!.say('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await idle!.hear('The process answers.');
  for (const [line, id] of [
    [one!, 'first'],
    [two!, 'second'],
  ] as const) {
    await line.begin('POST', `/api/rooms/${room}/messages`, headers, post(id).length);
  }

  const began = performance.now();
  const ended = server.signal('SIGTERM');
  /* All of this within the grace of four seconds, after which the second post would find its connection cut. */
  await Promise.all([idle!.closed, silent!.closed]);
  await expect(Line.open(server.port)).rejects.toThrow('ECONNREFUSED');
  one!.say(post('first'));
  await one!.closed;
  two!.say(post('second'));
  await two!.closed;
  expect(one!.heard).toMatch(/HTTP\/1\.1 201 Created/);
  expect(two!.heard).toMatch(/HTTP\/1\.1 201 Created/);
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(5000);

  const again = await ServerProcess.start({ STORAGE });
  const back = new Visitor(again.address);
  back.cookie = user.cookie;
  const texts = (await back.poll(room, 'after=0')).body.entries.map(({ text }: { text: string }) => text);
  expect(texts).toEqual(['first, said while it ended', 'second, said while it ended']);
  expect(await again.signal('SIGTERM')).toBe(0);
});

test('SIGTERM: a request that comes on an open connection once the end has begun is refused, as is readiness, and no fault is logged', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:', LOG_LEVEL: 'info' });
  const user = await guest(server.address, 'Ending2');
  const room = await user.createRoom('Too late');
  await user.enter(room);
  const headers = { Cookie: user.cookie! };
  const [line, other] = await Promise.all([Line.open(server.port), Line.open(server.port)]);
  /* Of these requests the server has had the beginning, and nothing of what they ask. */
  line.say('POST /api');
  other.say('GET /rea');
  const idle = await Line.open(server.port);
  idle.say('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await idle.hear('The process answers.');
  const ended = server.signal('SIGTERM');
  await idle.closed;
  const body = JSON.stringify({ clientMessageId: 'late', text: 'too late' });
  line.say(
    `/rooms/${room}/messages HTTP/1.1\r\nHost: localhost\r\nCookie: ${headers.Cookie}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  other.say('dyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await Promise.all([line.closed, other.closed]);
  expect(line.heard).toMatch(/^HTTP\/1\.1 503 /);
  expect(line.heard).toContain('"code":"shutting-down"');
  expect(line.heard).toMatch(/\r\nRetry-After: 1\r\n/i);
  expect(other.heard).toMatch(/^HTTP\/1\.1 503 /);
  expect(await ended).toBe(0);
  const logged = server.said.err.trim().split('\n');
  expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['listening', 'closing']);
});

test('SIGINT ends it in the same way, and so does a second signal while it ends', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:' });
  server.child.kill('SIGINT');
  expect(await server.signal('SIGTERM')).toBe(0);
});

test('whoever never finishes a request does not keep the server from ending within five seconds', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:' });
  const line = await Line.open(server.port);
  await line.begin('POST', '/api/session', {}, 100);
  const began = performance.now();
  expect(await server.signal('SIGTERM')).toBe(0);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('C13 C02 C08 accounts, guests, rooms, messages, retries and deletions outlive a restart, and everyone is where they were', async () => {
  const STORAGE = newStorage();
  const first = await ServerProcess.start({ STORAGE });
  const account = new Visitor(first.address);
  const login = { username: 'Stayer1', password: 'correct horse battery' };
  await account.post('/api/accounts', login);
  const visitor = await guest(first.address, 'Stayer2');
  const left = await guest(first.address, 'Stayer3');
  const room = await account.createRoom('Lasting');
  const doomed = await account.createRoom('Doomed');
  await account.enter(room);
  await visitor.enter(doomed);
  const { posted } = (await account.say(room, 'before the restart', 'key-1')).body;
  const { epoch } = (await account.poll(room, 'after=0')).body;
  await account.delete(`/api/rooms/${doomed}`);
  const ended = left.cookie;
  await left.delete('/api/session');
  expect(await first.signal('SIGTERM')).toBe(0);

  const second = await ServerProcess.start({ STORAGE });
  const back = (cookie: string | null): Visitor => {
    const one = new Visitor(second.address);
    one.cookie = cookie;
    return one;
  };
  const [here, there] = [back(account.cookie), back(visitor.cookie)];
  expect((await here.get('/api/session')).body).toMatchObject({
    user: { username: 'Stayer1', guest: false },
    room: { id: room, mine: true, members: 1 },
  });
  expect((await there.get('/api/session')).body).toMatchObject({
    user: { username: 'Stayer2', guest: true },
    room: { id: doomed, deleted: true, deletedBy: 'Stayer1' },
  });
  expect((await back(ended).get('/api/session')).body).toMatchObject({ user: null, ended: 'logged-out' });
  const again = await here.say(room, 'before the restart', 'key-1');
  expect([again.status, again.body.posted]).toEqual([200, posted]);
  const next = await here.say(room, 'after the restart', 'key-2');
  expect(next.body.posted.seq).toBe(2);
  const news = (await here.poll(room, `after=1&epoch=${epoch as string}`)).body;
  expect(news.reset).toBeUndefined();
  expect(news.entries).toEqual([next.body.posted]);
  expect(outcome(await back(null).post('/api/session', login))).toBe('409 already-logged-in');
  expect(outcome(await back(null).post('/api/session', { ...login, takeOver: true }))).toBe('200');
  expect(await second.signal('SIGTERM')).toBe(0);
});
