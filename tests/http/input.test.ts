import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();
const JSON_TYPE = { 'Content-Type': 'application/json' };

test('a body that is not one JSON object is refused', async () => {
  const visitor = parlour.visitor();
  for (const body of ['', '{', '[]', '"text"', 'null', '7', '{"username":"Abcd1"} {}']) {
    const answer = await visitor.ask('POST', '/api/session', { body, headers: JSON_TYPE });
    expect(`${body} ${outcome(answer)}`).toBe(`${body} 400 invalid-json`);
  }
});

test('a body that is not JSON at all is 415, and one over 64 KiB is 413', async () => {
  const visitor = parlour.visitor();
  const form = { body: 'username=Abcd1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
  expect(outcome(await visitor.ask('POST', '/api/session', form))).toBe('415 not-json');
  const large = JSON.stringify({ username: 'x'.repeat(64 * 1024) });
  expect(outcome(await visitor.ask('POST', '/api/session', { body: large, headers: JSON_TYPE }))).toBe(
    '413 too-large',
  );
  const bomb = gzipSync(large);
  const response = await fetch(`${parlour.address}/api/session`, {
    method: 'POST',
    headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    body: bomb,
  });
  expect(response.status).toBe(413);
});

test('a field that there is not is refused and named', async () => {
  const user = await parlour.guest('Fields1');
  for (const body of ['{"name":"Fine","colour":"red"}', '{"name":"Fine","__proto__":{"x":1}}']) {
    const answer = await user.ask('POST', '/api/rooms', { body, headers: JSON_TYPE });
    expect(outcome(answer)).toMatch(/^400 (unknown-field|invalid-json)$/);
  }
  expect((await user.get('/api/rooms')).body.rooms).toEqual([]);
});

test('fields of the wrong type have a code of their own', async () => {
  const visitor = parlour.visitor();
  const ask = (body: object) => visitor.post('/api/session', { username: 'Typed1', ...body }).then(outcome);
  expect(await ask({ password: 12345678 })).toBe('400 invalid-password');
  expect(await ask({ password: 'long enough', takeOver: 'yes' })).toBe('400 invalid-take-over');
  const short = await visitor.post('/api/accounts', { username: 'Typed1', password: 'short' });
  expect([outcome(short), short.body.field]).toEqual(['400 invalid-password', 'password']);
});

test('a write from another site is refused, by fetch metadata or else by origin; a program that sends neither is served', async () => {
  const write = (headers: Record<string, string>, username: string) =>
    parlour.visitor().post('/api/session', { username }, headers).then(outcome);
  expect(await write({ 'Sec-Fetch-Site': 'cross-site' }, 'Site1')).toBe('403 cross-site');
  expect(await write({ 'Sec-Fetch-Site': 'same-site' }, 'Site1')).toBe('403 cross-site');
  expect(await write({ Origin: 'https://evil.example' }, 'Site1')).toBe('403 cross-site');
  expect(await write({ Origin: 'null' }, 'Site1')).toBe('403 cross-site');
  expect(await write({ 'Sec-Fetch-Site': 'same-origin' }, 'Site1')).toBe('200');
  expect(await write({ Origin: parlour.address }, 'Site2')).toBe('200');
  expect(await write({}, 'Site3')).toBe('200');
});

test('where several things are wrong, 401 answers before 400, 400 before 403, 404 and 410 before 403, 403 before 409', async () => {
  const evil = { 'Sec-Fetch-Site': 'cross-site' };
  expect(outcome(await parlour.visitor().post('/api/rooms', { name: '' }, evil))).toBe('401 not-logged-in');
  const user = await parlour.guest('Order1');
  expect(outcome(await user.post('/api/rooms', { name: '' }, evil))).toBe('400 invalid-room-name');
  const other = await parlour.guest('Order2');
  const room = await user.createRoom('Ordered', 2);
  expect(outcome(await other.poll('nowhere', 'after=x'))).toBe('400 invalid-cursor');
  expect(outcome(await other.poll('nowhere', 'after=0'))).toBe('404 no-such-room');
  await user.delete(`/api/rooms/${room}`);
  expect(outcome(await other.delete(`/api/rooms/${room}`))).toBe('410 room-deleted');
  expect(outcome(await other.say(room, 'hello'))).toBe('410 room-deleted');
});

test('paths: unknown ones, wrong methods, malformed escapes', async () => {
  const user = await parlour.guest('Paths1');
  expect(outcome(await user.get('/api/nothing'))).toBe('404 no-such-path');
  expect(outcome(await user.get('/api'))).toBe('404 no-such-path');
  const wrong = await user.ask('PATCH', '/api/rooms');
  expect(outcome(wrong)).toBe('405 method-not-allowed');
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  expect(outcome(await user.get('/api/rooms/%E0%A4%A/updates?after=0'))).toBe('400 invalid-path');
  expect(outcome(await user.get('/api/rooms?x=1&x=2'))).toBe('400 invalid-query');
});

test('every answer has the security headers, and a page policy under which only our own files run', async () => {
  const { headers } = await parlour.visitor().get('/api/session');
  const policy = headers.get('content-security-policy')!.split(/; ?/).sort();
  expect(policy).toEqual(
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].sort(),
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('the description names every request of the contract, with its failures', async () => {
  const { body } = await parlour.visitor().get('/api/openapi.json');
  expect(Object.keys(body.paths as object).sort()).toEqual([
    '/api/accounts',
    '/api/rooms',
    '/api/rooms/{roomId}',
    '/api/rooms/{roomId}/messages',
    '/api/rooms/{roomId}/updates',
    '/api/session',
    '/api/session/room',
  ]);
  expect(body.paths['/api/rooms/{roomId}/messages'].post.responses['422'].description).toContain('reused');
});

test('the process and its readiness can be asked for; numbers are off unless configured', async () => {
  const visitor = parlour.visitor();
  expect((await visitor.get('/healthz')).status).toBe(200);
  expect((await visitor.get('/readyz')).status).toBe(200);
  expect((await fetch(`${parlour.address}/metrics`)).status).toBe(404);
});
