import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();
const JSON_TYPE = { 'Content-Type': 'application/json' };

test('a body that is not one JSON object is refused', async () => {
  const visitor = parlour.visitor();
  for (const body of [
    '',
    ' ',
    '{',
    '[]',
    '[{"username":"Abcd1"}]',
    '"text"',
    'null',
    'true',
    '7',
    '{"username":"Abcd1"} {}',
    "{'username':'Abcd1'}",
    '{"username":"Abcd1",}',
    '{"username":"Ab\ncd1"}',
    '\ufeff',
  ]) {
    const answer = await visitor.ask('POST', '/api/session', { body, headers: JSON_TYPE });
    expect(`${body} ${outcome(answer)}`).toBe(`${body} 400 invalid-json`);
  }
  const none = await visitor.ask('POST', '/api/session');
  expect(outcome(none)).toBe('400 invalid-json');
  const chunked = await visitor.ask('POST', '/api/session', {
    body: '',
    headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' },
  });
  expect(outcome(chunked)).toBe('400 invalid-json');
  const nothing = await visitor.ask('POST', '/api/session', {
    body: gzipSync(''),
    headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
  });
  expect(outcome(nothing)).toBe('400 invalid-json');
});

test('a write that wants no body is done without one or with an empty object, and refused, with nothing done, where one says more', async () => {
  const user = await parlour.guest('Bodiless1');
  const room = await user.createRoom('Bodiless');
  await user.enter(room);
  const send = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    user.ask('DELETE', path, { body, headers });
  for (const path of ['/api/session/room', `/api/rooms/${room}`, '/api/session']) {
    const refused = await send(path, JSON.stringify({ roomId: 'x' }));
    expect([path, outcome(refused), refused.body.field]).toEqual([path, '400 unknown-field', 'roomId']);
    expect(outcome(await send(path, '[]'))).toBe('400 invalid-json');
    expect(outcome(await send(path, '{'))).toBe('400 invalid-json');
    expect(outcome(await send(path, 'roomId=x', { 'Content-Type': 'text/plain' }))).toBe('415 not-json');
    expect(outcome(await send(path, `{${' '.repeat(65_536)}}`))).toBe('413 too-large');
    expect((await user.get('/api/session')).body.room.id).toBe(room);
  }
  expect(outcome(await send('/api/session/room', '{}'))).toBe('200');
  expect((await user.get('/api/session')).body.room).toBeNull();
  expect(outcome(await send('/api/session/room', '', {}))).toBe('200');
  expect(outcome(await user.delete(`/api/rooms/${room}`))).toBe('200');
});

test('a body of another content type than JSON is refused, however JSON itself is spelt', async () => {
  const visitor = parlour.visitor();
  const send = (type: string | null, username: string) =>
    visitor
      .ask('POST', '/api/session', {
        body: JSON.stringify({ username }),
        headers: type === null ? {} : { 'Content-Type': type },
      })
      .then(outcome);
  for (const type of [
    null,
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.api+json',
    'application/jsonp',
    'json',
  ]) {
    expect(`${type} ${await send(type, 'Typed1')}`).toBe(`${type} 415 not-json`);
  }
  expect(await send('application/json', 'Json1')).toBe('200');
  expect(await send('application/json; charset=utf-8', 'Json2')).toBe('200');
  expect(await send('Application/JSON;charset="UTF-8"', 'Json3')).toBe('200');
});

test('a body may be compressed, in a way that is known', async () => {
  const send = (encoding: string, body: Buffer) =>
    parlour
      .visitor()
      .ask('POST', '/api/session', { body, headers: { ...JSON_TYPE, 'Content-Encoding': encoding } })
      .then(outcome);
  expect(await send('gzip', gzipSync('{"username":"Gzipped1"}'))).toBe('200');
  expect(await send('deflate', deflateSync('{"username":"Deflated1"}'))).toBe('200');
  expect(await send('gzip', Buffer.from('{"username":"Plain1"}'))).toBe('400 invalid-json');
  expect(await send('gzip', gzipSync('{"username":"Cut1"}').subarray(0, 20))).toBe('400 invalid-json');
  expect(await send('rot13', Buffer.from('{"username":"Plain1"}'))).toBe('415 not-json');
});

test('a body has at most 64 KiB, also once it is inflated, and also when its length is not said', async () => {
  const visitor = parlour.visitor();
  const sized = (bytes: number, username: string): string => {
    const body = JSON.stringify({ username });
    return body + ' '.repeat(bytes - body.length);
  };
  const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
    visitor.ask('POST', '/api/session', { body, headers: { ...JSON_TYPE, ...headers } }).then(outcome);
  const chunked = { 'Transfer-Encoding': 'chunked' };
  const gzip = { 'Content-Encoding': 'gzip' };
  expect(await send(sized(65_536, 'Sized1'))).toBe('200');
  expect(await send(sized(65_537, 'Sized2'))).toBe('413 too-large');
  expect(await send(sized(5_000_000, 'Sized2'))).toBe('413 too-large');
  expect(await send(sized(65_536, 'Sized3'), chunked)).toBe('200');
  expect(await send(sized(65_537, 'Sized4'), chunked)).toBe('413 too-large');
  expect(await send(gzipSync(sized(65_536, 'Sized5')), gzip)).toBe('200');
  expect(await send(gzipSync(sized(65_537, 'Sized6')), gzip)).toBe('413 too-large');
  expect(await send(gzipSync(sized(50_000_000, 'Sized6')), gzip)).toBe('413 too-large');
  expect(outcome(await visitor.post('/api/session', { username: 'StillUp1' }))).toBe('200');
});

test('after a body that was refused half-read, its connection serves the next request', async () => {
  const { hostname, port } = new URL(parlour.address);
  const head = `POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
  const megabyte = Buffer.alloc(2 ** 20, ' ');
  const chunked = (body: Buffer) =>
    Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
  for (const [more, body, refusal] of [
    ['', megabyte, '413'],
    ['Content-Encoding: gzip\r\n', gzipSync(randomBytes(2 ** 20)), '413'],
    ['Content-Encoding: gzip\r\n', megabyte, '400'],
  ] as const) {
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (data: Buffer) => (heard += data.toString('latin1')));
    socket.write(Buffer.concat([Buffer.from(`${head}${more}\r\n`), chunked(body)]));
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(heard.match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual([refusal, '200']);
  }
});

test('a field that there is not is refused and named, also one that JavaScript has a meaning for', async () => {
  const user = await parlour.guest('Fields1');
  for (const name of ['colour', 'Name', '', 'toString', 'constructor', 'hasOwnProperty', '__proto__']) {
    const body = `{"name":"Fine",${JSON.stringify(name)}:{"isAdmin":true}}`;
    const refused = await user.ask('POST', '/api/rooms', { body, headers: JSON_TYPE });
    expect(`${name} ${outcome(refused)}`).toBe(`${name} 400 unknown-field`);
    expect(refused.body.field).toBe(name);
  }
  expect((await user.get('/api/rooms')).body.rooms).toEqual([]);
  const nested = '{"name":{"__proto__":{"x":1}}}';
  const refused = await user.ask('POST', '/api/rooms', { body: nested, headers: JSON_TYPE });
  expect(outcome(refused)).toBe('400 invalid-room-name');
});

test('every request that has a body refuses a field that there is not', async () => {
  const user = await parlour.guest('Fields2');
  const room = await user.createRoom('Fields');
  await user.enter(room);
  const surplus = { surplus: 1 };
  const asked = [
    user.post('/api/accounts', { username: 'Fields3', password: 'correct horse battery', ...surplus }),
    user.post('/api/session', { username: 'Fields3', ...surplus }),
    user.post('/api/rooms', { name: 'More fields', ...surplus }),
    user.put('/api/session/room', { roomId: room, ...surplus }),
    user.post(`/api/rooms/${room}/messages`, { clientMessageId: 'x', text: 'x', ...surplus }),
  ];
  for (const answer of await Promise.all(asked)) {
    expect([outcome(answer), answer.body.field]).toEqual(['400 unknown-field', 'surplus']);
  }
});

test('a field of the wrong type has the code of the field, and is named', async () => {
  const user = await parlour.guest('Typed1');
  const room = await user.createRoom('Types');
  await user.enter(room);
  const session = (body: object) => user.post('/api/session', { username: 'Typed2', ...body });
  const message = (body: object) =>
    user.post(`/api/rooms/${room}/messages`, { clientMessageId: 'typed', text: 'typed', ...body });
  const tried: [Promise<{ body: { code: string; field: string }; status: number }>, string, string][] = [
    [session({ username: 7 }), 'invalid-username', 'username'],
    [session({ password: 12345678 }), 'invalid-password', 'password'],
    [session({ password: null }), 'invalid-password', 'password'],
    [session({ password: 'long enough', takeOver: 'yes' }), 'invalid-take-over', 'takeOver'],
    [user.post('/api/accounts', { username: 'Typed3', password: ['x'] }), 'invalid-password', 'password'],
    [user.post('/api/accounts', { username: 'Typed3' }), 'invalid-password', 'password'],
    [user.post('/api/rooms', { name: ['x'] }), 'invalid-room-name', 'name'],
    [user.post('/api/rooms', { name: 'Fine', capacity: '5' }), 'invalid-capacity', 'capacity'],
    [user.put('/api/session/room', { roomId: 7 }), 'invalid-room-id', 'roomId'],
    [user.put('/api/session/room', {}), 'invalid-room-id', 'roomId'],
    [message({ clientMessageId: 7 }), 'invalid-client-message-id', 'clientMessageId'],
    [message({ clientMessageId: null }), 'invalid-client-message-id', 'clientMessageId'],
    [message({ text: { toString: 'x' } }), 'invalid-text', 'text'],
    [message({ text: null }), 'invalid-text', 'text'],
    [message({ after: -1 }), 'invalid-cursor', 'after'],
    [message({ after: 1.5 }), 'invalid-cursor', 'after'],
    [message({ after: 2 ** 53 }), 'invalid-cursor', 'after'],
    [message({ after: null }), 'invalid-cursor', 'after'],
    [message({ after: {} }), 'invalid-cursor', 'after'],
    [message({ after: '5' }), 'invalid-cursor', 'after'],
    [message({ after: 0, epoch: 7 }), 'invalid-epoch', 'epoch'],
  ];
  for (const [asked, code, field] of tried) {
    const { status, body } = await asked;
    expect([status, body.code, body.field]).toEqual([400, code, field]);
  }
  expect((await user.poll(room, 'after=0')).body.last).toBe(0);
});

test('an id is 1 to 64 of A–Z a–z 0–9 _ -, and anything else is none', async () => {
  const user = await parlour.guest('Ids1');
  const room = await user.createRoom('Ids');
  await user.enter(room);
  const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
  expect(all).toHaveLength(64);
  for (const id of ['a', '-', '_', all]) {
    expect(outcome(await user.say(room, 'hello', id))).toBe('201');
    expect(outcome(await user.enter(id))).toBe('404 no-such-room');
    expect(outcome(await user.poll(id, 'after=0'))).toBe('404 no-such-room');
  }
  for (const id of ['', `${all}x`, 'a b', 'a.b', 'ä', '😀', 'a\n', '\u0000', '../x', '__proto__ ', 'ａ']) {
    expect(outcome(await user.say(room, 'hello', id))).toBe('400 invalid-client-message-id');
    expect(outcome(await user.enter(id))).toBe('400 invalid-room-id');
    if (id === '') continue;
    const inPath = encodeURIComponent(id);
    expect(outcome(await user.poll(inPath, 'after=0'))).toBe('400 invalid-room-id');
    expect(outcome(await user.say(inPath, 'hello', 'fine'))).toBe('400 invalid-room-id');
    expect(outcome(await user.delete(`/api/rooms/${inPath}`))).toBe('400 invalid-room-id');
  }
  for (const id of ['__proto__', 'constructor', 'toString']) {
    expect(outcome(await user.enter(id))).toBe('404 no-such-room');
  }
});
