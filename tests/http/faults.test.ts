import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { furnish } from '../../src/house.js';
import { StorageUnavailable, type OpenedStorage } from '../../src/adapters/storage/engine.js';
import { memoryEngine } from '../../src/adapters/storage/memory/memory-engine.js';
import { readSettings } from '../../src/settings.js';
import { outcome, Visitor, type Answer } from './visitor.js';

/** What storage throws in place of working; null while it works. */
let fault: Error | null = null;
let isClosing = false;
let server: Server;
let address: string;
const logged: string[] = [];

beforeAll(async () => {
  const memory = await memoryEngine.open('memory:');
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    if (fault !== null) throw fault;
    return work();
  };
  const opened: OpenedStorage = {
    shared: true,
    archive: memory.archive,
    read: (work) => failing(() => memory.read(work)),
    transact: (work) => failing(() => memory.transact(work)),
    ping: () => failing(() => memory.ping()),
    close: () => memory.close(),
  };
  const settings = readSettings({ STORAGE: 'memory:', PORT: '0', RATE_LIMITS: 'off' });
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
  const house = furnish({ settings, opened, log, clientFolder: null, isClosing: () => isClosing });
  server = createServer(house.app.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const during = async <T>(error: Error, work: () => Promise<T>): Promise<T> => {
  fault = error;
  try {
    return await work();
  } finally {
    fault = null;
  }
};

const guest = async (username: string): Promise<Visitor> => {
  const visitor = new Visitor(address);
  expect(outcome(await visitor.post('/api/session', { username }))).toBe('200');
  return visitor;
};

const everything = (user: Visitor, room: string): Promise<Answer[]> =>
  Promise.all([
    user.post('/api/accounts', { username: 'Fault9', password: 'correct horse battery' }),
    user.post('/api/session', { username: 'Fault9' }),
    user.post('/api/session', { username: 'Fault9', password: 'correct horse battery' }),
    user.get('/api/session'),
    user.delete('/api/session'),
    user.get('/api/rooms'),
    user.post('/api/rooms', { name: 'Never' }),
    user.delete(`/api/rooms/${room}`),
    user.enter(room),
    user.delete('/api/session/room'),
    user.poll(room, 'after=0'),
    user.say(room, 'never'),
  ]);

test('a fault in the server is a 500 that tells nothing of it; the log tells all', async () => {
  const user = await guest('Fault1');
  const { cookie } = user;
  const room = await user.createRoom('Faults');
  const error = new TypeError('secret detail: cannot read properties of undefined');
  logged.length = 0;
  const answers = await during(error, () => everything(user, room));
  for (const { status, body } of answers) {
    expect(status).toBe(500);
    expect(body).toEqual({ success: false, message: expect.any(String), code: 'internal' });
    expect(JSON.stringify(body)).not.toMatch(/secret|TypeError|undefined/);
  }
  expect(logged).toHaveLength(answers.length);
  for (const line of logged) expect(line).toContain('secret detail');
  expect([user.cookie, (await user.get('/api/session')).body.user.username]).toEqual([cookie, 'Fault1']);
});

test('storage that does not answer is a 503, with when to try again, and one line in the log for all; afterwards all goes on', async () => {
  const user = await guest('Fault2');
  const room = await user.createRoom('Outages');
  await user.enter(room);
  logged.length = 0;
  const answers = await during(new StorageUnavailable('secret address refused'), () =>
    everything(user, room),
  );
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0]!)).toMatchObject({ msg: 'storage is away', requests: 1 });
  expect(logged[0]).toContain('secret address refused');
  for (const answer of answers) {
    expect(outcome(answer)).toBe('503 storage-unavailable');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  expect(outcome(await user.poll(room, 'after=0'))).toBe('200');
  expect(outcome(await user.say(room, 'back again'))).toBe('201');
});

test('B18 only the 410 says that a room was deleted: no fault of the server looks like it, or like the end of a session', async () => {
  const user = await guest('Fault3');
  const room = await user.createRoom('Not deleted');
  await user.enter(room);
  for (const error of [new TypeError('x'), new StorageUnavailable('x')]) {
    const poll = await during(error, () => user.poll(room, 'after=0'));
    expect([401, 403, 404, 410]).not.toContain(poll.status);
    const shown = await during(error, () => user.get('/api/session'));
    expect(shown.body.success).toBe(false);
  }
  expect((await user.get('/api/session')).body.room.id).toBe(room);
});

test('whether the process answers has nothing to do with storage; whether it is ready has', async () => {
  const visitor = new Visitor(address);
  expect((await visitor.get('/healthz')).status).toBe(200);
  expect((await visitor.get('/readyz')).status).toBe(200);
  const [health, ready] = await during(new StorageUnavailable('secret'), () =>
    Promise.all([visitor.get('/healthz'), visitor.get('/readyz')]),
  );
  expect(health.status).toBe(200);
  expect(outcome(ready)).toBe('503 storage-unavailable');
  expect(JSON.stringify(ready.body)).not.toContain('secret');
});

test('while it shuts down the process is alive, not ready, and takes nothing new', async () => {
  const user = await guest('Fault4');
  isClosing = true;
  try {
    expect((await user.get('/healthz')).status).toBe(200);
    const ready = await user.get('/readyz');
    expect(outcome(ready)).toBe('503 shutting-down');
    const refused = await user.get('/api/session');
    expect(outcome(refused)).toBe('503 shutting-down');
    expect(refused.headers.get('connection')).toBe('close');
  } finally {
    isClosing = false;
  }
  expect((await user.get('/api/session')).body.user.username).toBe('Fault4');
});
