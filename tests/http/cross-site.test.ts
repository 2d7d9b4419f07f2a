import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();

test('a write from another site is refused, by fetch metadata or else by origin; a program that sends neither is served', async () => {
  const write = (headers: Record<string, string>, username: string) =>
    parlour.visitor().post('/api/session', { username }, headers).then(outcome);
  const { host } = new URL(parlour.address);
  const evil = 'https://evil.example';
  const foreign: Record<string, string>[] = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: parlour.address },
    { Origin: evil },
    { Origin: 'null' },
    { Origin: `https://${host}` },
    { Origin: `http://${host}.evil.example` },
    { Origin: 'http://localhost' },
    { Origin: evil, 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
  ];
  for (const headers of foreign) {
    expect([headers, await write(headers, 'Site1')]).toEqual([headers, '403 cross-site']);
  }
  expect(await write({ 'Sec-Fetch-Site': 'same-origin' }, 'Site1')).toBe('200');
  expect(await write({ 'Sec-Fetch-Site': 'same-origin', Origin: evil }, 'Site2')).toBe('200');
  expect(await write({ Origin: parlour.address }, 'Site3')).toBe('200');
  expect(await write({}, 'Site4')).toBe('200');
});

test('every write is refused to another site, and changes nothing; reads are not', async () => {
  const user = await parlour.guest('Writes1');
  const room = await user.createRoom('Writes');
  await user.enter(room);
  const evil = { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'application/json' };
  const ask = (method: string, path: string, body?: object) =>
    user.ask(method, path, { headers: evil, ...(body && { body: JSON.stringify(body) }) });
  const message = { clientMessageId: 'x', text: 'forged' };
  const password = 'correct horse battery';
  for (const answer of [
    await ask('POST', '/api/accounts', { username: 'Forged1', password }),
    await ask('POST', '/api/session', { username: 'Forged1' }),
    await ask('DELETE', '/api/session'),
    await ask('POST', '/api/rooms', { name: 'Forged' }),
    await ask('DELETE', `/api/rooms/${room}`),
    await ask('PUT', '/api/session/room', { roomId: room }),
    await ask('DELETE', '/api/session/room'),
    await ask('POST', `/api/rooms/${room}/messages`, message),
  ]) {
    expect(outcome(answer)).toBe('403 cross-site');
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  const shown = (await user.get('/api/session', evil)).body;
  expect([shown.user.username, shown.room.id]).toEqual(['Writes1', room]);
  expect((await user.get('/api/rooms', evil)).body.rooms).toHaveLength(1);
  expect((await user.get(`/api/rooms/${room}/updates?after=0`, evil)).body.last).toBe(0);
});

test('no answer invites other sites to read it', async () => {
  const visitor = await parlour.guest('Cors1');
  const origin = { Origin: 'https://evil.example' };
  const asked = { ...origin, 'Access-Control-Request-Method': 'POST' };
  const { headers: preflight } = await visitor.ask('OPTIONS', '/api/rooms', { headers: asked });
  const { headers: read } = await visitor.get('/api/rooms', origin);
  for (const headers of [preflight, read]) {
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  }
});
