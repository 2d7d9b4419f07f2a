import { expect, test } from '@jest/globals';
import { createApi, isPassing } from '../../client/src/ports/api.js';

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  createApi(async () => new Response(status === 304 ? null : JSON.stringify(body), { status, headers }));

test('A15 Only “success: true” is a success, whatever the status says', async () => {
  const refused = {
    success: false,
    message: 'That name is taken.',
    code: 'username-taken',
    field: 'username',
  };
  expect(await answering(200, refused)('POST', '/api/accounts')).toMatchObject({
    ok: false,
    code: 'username-taken',
    message: 'That name is taken.',
    field: 'username',
  });
  expect(await answering(200, { success: true, message: 'LOGGED IN' })('GET', '/')).toMatchObject({
    ok: true,
  });
});

test('An answer that is not this server’s, or none at all, leaves the outcome open and may pass', async () => {
  const gateway = createApi(async () => new Response('<h1>Bad gateway</h1>', { status: 404 }));
  const offline = createApi(async () => Promise.reject(new TypeError('Failed to fetch')));
  for (const api of [gateway, offline]) {
    const answer = await api('GET', '/');
    expect(answer).toMatchObject({ ok: false, code: 'no-answer' });
    expect(!answer.ok && isPassing(answer)).toBe(true);
  }
});

test('A fault of the server and “too fast” may pass; what was decided does not', async () => {
  const passing = async (status: number, code: string) => {
    const answer = await answering(status, { success: false, message: '', code })('GET', '/');
    return !answer.ok && isPassing(answer);
  };
  expect(await passing(500, 'internal')).toBe(true);
  expect(await passing(503, 'storage-unavailable')).toBe(true);
  expect(await passing(429, 'too-fast')).toBe(true);
  for (const [status, code] of [
    [401, 'session-ended'],
    [403, 'not-in-room'],
    [410, 'room-deleted'],
  ] as const) {
    expect(await passing(status, code)).toBe(false);
  }
});

test('What the server asks to wait is read in seconds and given in milliseconds', async () => {
  const body = { success: false, message: '', code: 'too-fast' };
  expect(await answering(429, body, { 'Retry-After': '7' })('GET', '/')).toMatchObject({
    retryAfterMs: 7000,
  });
  expect(await answering(429, body, { 'Retry-After': 'soon' })('GET', '/')).toMatchObject({
    retryAfterMs: 0,
  });
});

test('A list that has not changed costs no body', async () => {
  let asked: RequestInit | undefined;
  const api = createApi(async (_, init) => {
    asked = init;
    return new Response(null, { status: 304 });
  });
  expect(await api('GET', '/api/rooms', { tag: 'W/"x"' })).toMatchObject({
    ok: true,
    status: 304,
    tag: 'W/"x"',
  });
  expect(new Headers(asked?.headers).get('If-None-Match')).toBe('W/"x"');
});

test('Waiting is asked for only where the server offers it, and believed only when the server says it did', async () => {
  const asked: (string | null)[] = [];
  const serving = (headers: Record<string, string>) =>
    createApi(async (_path, { headers: sent } = {}) => {
      asked.push(new Headers(sent).get('Prefer'));
      return new Response('{"success":true,"message":"UP TO DATE"}', { headers });
    });
  const applied = serving({ 'Preference-Applied': 'wait=20' });
  expect(await applied('GET', '/', { waitMs: 20_000 })).toMatchObject({ held: true });
  expect(await applied('GET', '/', { waitMs: 0 })).toMatchObject({ held: false });
  expect(await serving({})('GET', '/', { waitMs: 1_500 })).toMatchObject({ held: false });
  expect(asked).toEqual(['wait=20', null, 'wait=2']);
});
