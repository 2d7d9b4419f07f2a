import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();

test('a path that there is not is 404, whoever asks and however', async () => {
  const user = await parlour.guest('Paths1');
  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/account',
    '/api/session/rooms',
    '/api/rooms/x/y',
    '/api/rooms/x/updates/1',
    '/api/rooms//updates',
    '/api/../api/nothing',
    '/api/__proto__',
    '/api/session%2Froom',
    '/api/Rooms',
    '/api/SESSION',
    '/api/rooms/x/Updates',
    '/api/OpenAPI.json',
  ]) {
    for (const visitor of [user, parlour.visitor()]) {
      for (const method of ['GET', 'POST', 'OPTIONS', 'PATCH']) {
        const answer = await visitor.ask(method, path);
        expect(`${method} ${path} ${outcome(answer)}`).toBe(`${method} ${path} 404 no-such-path`);
      }
    }
  }
});

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  '/api/accounts': ['OPTIONS', 'POST'],
  '/api/session': ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST'],
  '/api/session/room': ['DELETE', 'OPTIONS', 'PUT'],
  '/api/rooms': ['GET', 'HEAD', 'OPTIONS', 'POST'],
  '/api/rooms/x': ['DELETE', 'OPTIONS'],
  '/api/rooms/x/updates': ['GET', 'HEAD', 'OPTIONS'],
  '/api/rooms/x/messages': ['OPTIONS', 'POST'],
  '/api/openapi.json': ['GET', 'HEAD', 'OPTIONS'],
};

test.each(Object.entries(ALLOWED))('%s says which methods it takes', async (path, allowed) => {
  const visitor = parlour.visitor();
  const options = await visitor.ask('OPTIONS', path);
  expect([options.status, options.body]).toEqual([204, null]);
  expect(options.headers.get('allow')!.split(', ')).toEqual(allowed);
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
    if (allowed.includes(method)) continue;
    const refused = await visitor.ask(method, path);
    expect([method, refused.status]).toEqual([method, 405]);
    expect(refused.headers.get('allow')!.split(', ')).toEqual(allowed);
    if (method !== 'HEAD') expect(outcome(refused)).toBe('405 method-not-allowed');
  }
});

test('HEAD is answered as GET is, without the body', async () => {
  const user = await parlour.guest('Heads1');
  const room = await user.createRoom('Heads');
  await user.enter(room);
  for (const path of ['/api/session', '/api/rooms', `/api/rooms/${room}/updates?after=0`]) {
    const [head, get] = [await user.ask('HEAD', path), await user.get(path)];
    expect([head.status, head.body]).toEqual([200, null]);
    for (const name of ['content-type', 'content-length', 'cache-control', 'etag']) {
      expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)]);
    }
  }
  const refused = await parlour.visitor().ask('HEAD', '/api/rooms');
  expect([refused.status, refused.body]).toEqual([401, null]);
});

test('a malformed escape in a path is refused, wherever it stands', async () => {
  const user = await parlour.guest('Escapes1');
  for (const path of [
    '/api/rooms/%E0%A4%A/updates?after=0',
    '/api/rooms/%/updates',
    '/api/rooms/%zz',
    '/api/rooms/%ff',
    '/api/%C0%80',
    '/api/session/room%',
    'http://%@host/api/rooms',
  ]) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await user.ask(method, path);
      expect(`${method} ${path} ${outcome(answer)}`).toBe(`${method} ${path} 400 invalid-path`);
    }
  }
});

test('the empty parts of a query say nothing, however many there are', async () => {
  const user = await parlour.guest('Queries2');
  const room = await user.createRoom('Empty parts');
  await user.enter(room);
  await user.say(room, 'one');
  await user.say(room, 'two');
  for (const query of ['&&after=1', 'after=1&&', 'after=1&&&&x=']) {
    const { status, body } = await user.poll(room, query);
    expect([query, status, body.entries.length]).toEqual([query, 200, 1]);
  }
});

test('a query parameter that is given twice or cannot be read is refused, in every request', async () => {
  const user = await parlour.guest('Queries1');
  const room = await user.createRoom('Queries');
  await user.enter(room);
  for (const query of ['x=1&x=1', 'x&x', '%78=1&x=2', 'x=%', 'x=%E0%A4%A', '%=1', 'x=%ff', 'x+y=1&x%20y=2']) {
    const asked = [
      user.get(`/api/rooms?${query}`),
      user.get(`/api/session?${query}`),
      user.poll(room, `after=0&${query}`),
      user.delete(`/api/session/room?${query}`),
      user.post(`/api/rooms?${query}`, { name: 'Queried' }),
    ];
    for (const answer of await Promise.all(asked)) {
      expect(`${query} ${outcome(answer)}`).toBe(`${query} 400 invalid-query`);
    }
  }
  for (const query of [
    'after=0&after=0',
    'after=0&%61fter=0',
    'after=0&hidden=2',
    'after=0&hidden',
    'after=0&hidden=true',
    'after=0&hidden=1&hidden=1',
    'after=0&epoch=a&epoch=a',
    'after=0&online=a&online=b',
  ]) {
    expect(`${query} ${outcome(await user.poll(room, query))}`).toBe(`${query} 400 invalid-query`);
  }
  const fine = [
    'after=0&',
    '&after=0',
    'after=0&&hidden=0',
    'after=%30',
    'after=0&later=1',
    'x=after&after=0',
  ];
  for (const query of fine) {
    expect(`${query} ${outcome(await user.poll(room, query))}`).toBe(`${query} 200`);
  }
});

test('a cursor is digits only, up to 2^53 − 1', async () => {
  const user = await parlour.guest('Cursors1');
  const room = await user.createRoom('Bad cursors');
  await user.enter(room);
  for (const query of [
    '',
    'after',
    'after=',
    'after=-1',
    'after=%2B1',
    'after=+1',
    'after=1.5',
    'after=1e3',
    'after=abc',
    'after=0x1',
    'after=1%00',
    'after=%D9%A3',
    'after=NaN',
    'after=Infinity',
    'after=9007199254740992',
    'after=9007199254740993',
    'after=99999999999999999999999999',
  ]) {
    const refused = await user.poll(room, query);
    expect(`${query} ${outcome(refused)}`).toBe(`${query} 400 invalid-cursor`);
    expect(refused.body.field).toBe('after');
  }
  expect((await user.poll(room, 'after=9007199254740991')).body.reset).toBe(true);
  expect(outcome(await user.poll(room, 'after=000'))).toBe('200');
});
