import { expect, test } from '@jest/globals';
import { request } from '../support/request.js';
import type { Description } from './conformance.js';
import { useParlour } from './parlour.js';

const parlour = useParlour();
const measured = useParlour({ METRICS: 'on' });

test('the process and its readiness can be asked for, as JSON that is not kept', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const { status, headers, body } = await parlour.visitor().get(path);
    expect([status, body.success, typeof body.message]).toEqual([200, true, 'string']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

test('numbers are served where they are configured, and only there', async () => {
  expect((await request(parlour.address, '/metrics')).status).toBe(404);
  const user = await measured.guest('Metrics1');
  const room = await user.createRoom('Measured');
  await user.enter(room);
  await user.poll(room, 'after=0');
  await user.get('/api/nothing');
  const { status, headers, body } = await request(measured.address, '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  const text = String(body);
  const count = (labels: string) => `http_request_duration_seconds_count{${labels}} 1\n`;
  expect(text).toContain(count('method="GET",route="/api/rooms/:roomId/updates",status="200"'));
  expect(text).toContain(count('method="POST",route="/api/rooms",status="201"'));
  expect(text).toContain(count('method="GET",route="other",status="404"'));
  expect(text).not.toContain(room);
});

/** The contract's requests, with what each may be answered beyond what every request may. */
const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  'post /api/accounts': ['201', 'invalid-username', 'invalid-password', 'username-taken'],
  'post /api/session': [
    '200',
    'invalid-username',
    'wrong-credentials',
    'username-taken',
    'already-logged-in',
    'too-fast',
  ],
  'get /api/session': ['200'],
  'delete /api/session': ['200'],
  'get /api/rooms': ['200', '304', 'not-logged-in', 'session-ended'],
  'post /api/rooms': ['201', 'invalid-room-name', 'invalid-capacity', 'room-name-taken', 'too-fast'],
  'delete /api/rooms/{roomId}': ['200', 'invalid-room-id', 'not-the-creator', 'no-such-room', 'room-deleted'],
  'put /api/session/room': [
    '200',
    'invalid-room-id',
    'no-such-room',
    'in-another-room',
    'room-full',
    'room-deleted',
  ],
  'delete /api/session/room': ['200', 'not-logged-in', 'session-ended'],
  'get /api/rooms/{roomId}/updates': [
    '200',
    'not-logged-in',
    'session-ended',
    'invalid-room-id',
    'invalid-cursor',
    'invalid-query',
    'not-in-room',
    'no-such-room',
    'room-deleted',
    'too-fast',
  ],
  'post /api/rooms/{roomId}/messages': [
    '200',
    '201',
    'not-logged-in',
    'session-ended',
    'invalid-room-id',
    'invalid-client-message-id',
    'empty-message',
    'message-too-long',
    'invalid-text',
    'invalid-cursor',
    'not-in-room',
    'no-such-room',
    'room-deleted',
    'client-message-id-reused',
    'too-fast',
  ],
};

test('the description has every request of the contract and no other, each with its answers and failures', async () => {
  const { headers, body } = await request(parlour.address, '/api/openapi.json');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { openapi, paths } = JSON.parse(String(body)) as Description & { openapi: string };
  expect(openapi).toMatch(/^3\.1\./);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
  expect(operations.map(([name]) => name).sort()).toEqual(Object.keys(CONTRACT).sort());
  for (const [name, { responses }] of operations) {
    const isWrite = !name.startsWith('get ');
    const hasBody = /^(post|put) /.test(name);
    const said = new Set(
      Object.entries(responses).flatMap(([status, { content }]) => [
        status,
        ...(content?.['application/json']?.schema.allOf ?? []).flatMap(
          ({ properties }) => properties?.code?.enum ?? [],
        ),
      ]),
    );
    const everywhere = ['invalid-query', 'storage-unavailable', ...(isWrite ? ['cross-site'] : [])];
    const bodies = hasBody ? ['invalid-json', 'unknown-field', 'too-large', 'not-json'] : [];
    for (const expected of [...CONTRACT[name]!, ...everywhere, ...bodies]) {
      expect(`${name} ${said.has(expected) ? expected : `lacks ${expected}`}`).toBe(`${name} ${expected}`);
    }
  }
});
