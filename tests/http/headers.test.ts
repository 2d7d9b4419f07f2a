import { expect, test } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { request } from '../support/request.js';
import { useParlour } from './parlour.js';

const parlour = useParlour();
const lasting = useParlour({ SESSION_MAX_MS: String(Number.MAX_SAFE_INTEGER) });
const DAY_S = 24 * 60 * 60;

const POLICY = [
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
];

test('every answer, of whatever kind, has the security headers and the policy under which only our own files run', async () => {
  const user = await parlour.guest('Headers1');
  const { headers: tagged } = await user.get('/api/rooms');
  const answers = [
    await user.get('/api/session'),
    await user.get('/api/openapi.json'),
    await user.get('/api/nothing'),
    await user.ask('PATCH', '/api/rooms'),
    await user.ask('OPTIONS', '/api/rooms'),
    await user.get('/api/rooms', { 'If-None-Match': tagged.get('etag')! }),
    await user.ask('POST', '/api/rooms', { body: '{', headers: { 'Content-Type': 'application/json' } }),
    await user.get('/api/%'),
    await user.get('/healthz'),
    await user.get('/readyz'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405, 204, 304, 400, 400, 200, 200]);
  for (const { headers } of answers) {
    const policy = headers.get('content-security-policy')!.split(/; ?/);
    expect(policy.sort()).toEqual([...POLICY].sort());
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  }
});

test('a poll to which nothing is new has the very headers of one that has news, and its own length', async () => {
  const user = await parlour.guest('Headers2');
  const { body: created } = await user.post('/api/rooms', { name: 'Headers room' });
  const { body: entered } = await user.put('/api/session/room', { roomId: created.room.id });
  const path = `/api/rooms/${created.room.id}/updates?after=0&epoch=${entered.epoch}`;
  const news = await user.get(path);
  const nothing = await user.get(`${path}&online=${entered.online.version}`);
  expect(news.body.online).toBeDefined();
  expect(nothing.body).toEqual({
    success: true,
    message: 'UP TO DATE',
    epoch: entered.epoch,
    first: 1,
    last: 0,
    entries: [],
  });
  const kept = (headers: Headers) =>
    [...headers].filter(([name]) => name !== 'date' && name !== 'content-length');
  expect(kept(nothing.headers)).toEqual(kept(news.headers));
  expect(Number(nothing.headers.get('content-length'))).toBe(JSON.stringify(nothing.body).length);
});

test('C02 the session is in one cookie that scripts and other sites do not reach, that outlives the browser, and is nowhere else', async () => {
  const visitor = parlour.visitor();
  const { headers, body } = await visitor.post('/api/session', { username: 'Cookie1' });
  const [cookie, ...more] = headers.getSetCookie();
  expect(more).toEqual([]);
  const [pair, ...attributes] = cookie!.split('; ');
  const [name, token] = pair!.split('=');
  expect(name).toBe('parlour');
  expect(token!.length).toBeGreaterThanOrEqual(32);
  expect(
    attributes.map((attribute) => attribute.toLowerCase()).filter((at) => !/^(expires|max-age)/.test(at)),
  ).toEqual(expect.arrayContaining(['path=/', 'samesite=strict', 'httponly']));
  expect(cookie).not.toMatch(/domain|secure/i);
  const expires = new Date(/expires=([^;]+)/i.exec(cookie!)![1]!).getTime();
  expect((expires - Date.now()) / 1000).toBeGreaterThan(29 * DAY_S);
  expect(JSON.stringify(body)).not.toContain(token);
  const session = await visitor.get('/api/session');
  expect(JSON.stringify(session.body)).not.toContain(token);
  expect(session.headers.getSetCookie()).toEqual([]);
});

test('C02 where sessions are to last longer than browsers keep a cookie, it lasts as long as they keep one', async () => {
  const { headers } = await lasting.visitor().post('/api/session', { username: 'Cookie4' });
  const expires = new Date(/expires=([^;]+)/i.exec(headers.getSetCookie()[0]!)![1]!).getTime();
  expect(Math.round((expires - Date.now()) / 1000 / DAY_S)).toBe(400);
});

test('every login has a new cookie, and logging out takes it away', async () => {
  const one = parlour.visitor();
  await one.post('/api/accounts', { username: 'Cookie2', password: 'correct horse battery' });
  const first = one.cookie;
  const { headers } = await one.delete('/api/session');
  expect(headers.getSetCookie()[0]).toMatch(/^parlour=;.*expires=Thu, 01 Jan 1970/i);
  await one.post('/api/session', { username: 'Cookie2', password: 'correct horse battery' });
  expect(one.cookie).not.toBe(first);
});

test('the cookie is found among others, and what is no token is nobody', async () => {
  const user = await parlour.guest('Cookie3');
  const ask = async (cookie: string) => {
    const visitor = parlour.visitor();
    visitor.cookie = cookie;
    return (await visitor.get('/api/session')).body.user?.username as string | undefined;
  };
  expect(await ask(`theme=dark; ${user.cookie!}; x=y`)).toBe('Cookie3');
  expect(await ask(`theme=dark;${user.cookie!}`)).toBe('Cookie3');
  expect(await ask(`not${user.cookie!}`)).toBeUndefined();
  for (const nonsense of [
    'parlour=',
    'parlour',
    'parlour=%00',
    'parlour=😀',
    `parlour=${'x'.repeat(4000)}`,
  ]) {
    expect(await ask(Buffer.from(nonsense).toString('latin1'))).toBeUndefined();
  }
});

test('long answers are compressed for whoever takes that, short ones are not', async () => {
  const ask = (path: string) => request(parlour.address, path, { headers: { 'Accept-Encoding': 'gzip' } });
  const long = await ask('/api/openapi.json');
  expect(long.headers.get('content-encoding')).toBe('gzip');
  expect(long.headers.get('vary')).toMatch(/accept-encoding/i);
  expect(JSON.parse(gunzipSync(long.body).toString())).toHaveProperty('openapi');
  expect((await ask('/api/session')).headers.get('content-encoding')).toBeNull();
  const plain = await request(parlour.address, '/api/openapi.json');
  expect(plain.headers.get('content-encoding')).toBeNull();
});

test.each(['identity;q=0', '*;q=0', 'br, *;q=0'])(
  'whoever takes no encoding that there is (%s) is sent a long answer plain, with all that belongs to it',
  async (encoding) => {
    const answer = await request(parlour.address, '/api/openapi.json', {
      headers: { 'Accept-Encoding': encoding },
    });
    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, null]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(JSON.parse(answer.body.toString())).toHaveProperty('openapi');
  },
);

test('a long answer to a poll is compressed for whoever takes that, and says the same to whoever does not', async () => {
  const author = await parlour.guest('Headers3');
  const reader = await parlour.guest('Headers4');
  const room = await author.createRoom('Long answers');
  await author.enter(room);
  await reader.enter(room);
  await author.say(room, 'ä'.repeat(2000));
  const poll = async (encoding: string) =>
    request(parlour.address, `/api/rooms/${room}/updates?after=0`, {
      headers: { Cookie: reader.cookie!, 'Accept-Encoding': encoding },
    });
  const plain = await poll('identity');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(plain.headers.get('vary')).toMatch(/accept-encoding/i);
  for (const encoding of ['gzip', 'br, gzip;q=0.5', 'gzip;q=0']) {
    const answer = await poll(encoding);
    const isTaken = encoding !== 'gzip;q=0';
    expect(answer.headers.get('content-encoding')).toBe(isTaken ? 'gzip' : null);
    expect(Number(answer.headers.get('content-length'))).toBe(answer.body.length);
    expect((isTaken ? gunzipSync(answer.body) : answer.body).toString()).toBe(plain.body.toString());
  }
});
