import { expect, test } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { Line } from '../server/line.js';
import { useParlour } from './parlour.js';

/* Far enough apart that a machine with much to do does not mix them up. */
const KEPT_MS = 1000;
const HELD_MS = 1500;
/** Timers count whole milliseconds, and may begin to just before what they are measured by. */
const SLACK_MS = 20;
const parlour = useParlour({}, { keepAliveMs: KEPT_MS });
const holding = useParlour({ POLL_WAIT_MS: String(HELD_MS) }, { keepAliveMs: KEPT_MS });
const slow = useParlour({ LOGIN_DELAY_MS: String(HELD_MS) }, { keepAliveMs: KEPT_MS });

const lineTo = (address: string) => Line.open(Number(new URL(address).port));
const asking = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const timed = async (ended: Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await ended;
  return performance.now() - begun;
};

test('a connection over which nothing is asked any more is closed, once it was kept as long as it should be', async () => {
  const line = await lineTo(parlour.address);
  for (let n = 1; n <= 3; n += 1) {
    line.say(asking('/healthz'));
    await line.hear('The process answers.');
    line.heard = '';
  }
  expect(await timed(line.closed)).toBeGreaterThan(KEPT_MS - SLACK_MS);
});

test('a connection over which nothing is ever asked is closed as well', async () => {
  const line = await lineTo(parlour.address);
  expect(await timed(line.closed)).toBeGreaterThan(KEPT_MS - SLACK_MS);
  expect(line.heard).toBe('');
});

test('whose login is held up is not cut off', async () => {
  const visitor = slow.visitor();
  const account = { username: 'Patient', password: 'correct horse' };
  expect((await visitor.post('/api/accounts', account)).status).toBe(201);
  await visitor.delete('/api/session');
  expect((await visitor.post('/api/session', account)).status).toBe(200);
});

test.each(['Reloads1', 'Reloads2'])(
  'A12 whoever gives up while their login is held up is not logged in, so that %s can log in again',
  async (username) => {
    const withPassword = username === 'Reloads2';
    const asked = withPassword ? { username, password: 'correct horse' } : { username };
    if (withPassword) {
      const owner = slow.visitor();
      await owner.post('/api/accounts', asked);
      await owner.delete('/api/session');
    }
    const body = JSON.stringify(asked);
    const line = await lineTo(slow.address);
    await line.begin('POST', '/api/session', {}, body.length);
    line.say(body);
    // Answered behind it, so the login is under way.
    await slow.visitor().get('/api/session');
    line.leave();
    await line.closed;
    expect((await slow.visitor().post('/api/session', asked)).status).toBe(200);
  },
);

test('whose poll is held is not cut off, however little else is said over the connection', async () => {
  const alice = await holding.guest('Held');
  const room = await alice.createRoom('Silence');
  await alice.enter(room);
  const { last, epoch, online } = (await alice.poll(room, 'after=0')).body;
  const line = await lineTo(holding.address);
  const query = `after=${last}&epoch=${epoch}&online=${online.version}`;
  line.say(asking(`/api/rooms/${room}/updates?${query}`, `Cookie: ${alice.cookie}\r\nPrefer: wait=20\r\n`));
  expect(await timed(line.hear('Preference-Applied'))).toBeGreaterThan(HELD_MS - SLACK_MS);
  expect(line.heard).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(await timed(line.closed)).toBeGreaterThan(KEPT_MS - SLACK_MS);
});

test('whoever is connected is served on where no more connections can be taken', async () => {
  const servers = new Set<Server>();
  const note = (told: unknown): void => void servers.add((told as { server: Server }).server);
  subscribe('http.server.request.start', note);
  await fetch(`${slow.address}/healthz`);
  unsubscribe('http.server.request.start', note);
  const [server] = servers;
  for (let n = 1; n <= 3; n += 1) server!.emit('error', new Error('accept EMFILE'));
  expect((await fetch(`${slow.address}/healthz`)).status).toBe(200);
});
