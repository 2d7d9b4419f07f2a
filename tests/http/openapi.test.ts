import { expect, test } from '@jest/globals';
import { request } from '../support/request.js';
import type { Description } from './conformance.js';
import { useParlour } from './parlour.js';

const parlour = useParlour();

/** What every write may be answered, one that wants no body included. */
const WRITES = ['cross-site', 'invalid-json', 'unknown-field', 'too-large', 'not-json'];

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
    const said = new Set(
      Object.entries(responses).flatMap(([status, { content }]) => [
        status,
        ...(content?.['application/json']?.schema.allOf ?? []).flatMap(
          ({ properties }) => properties?.code?.enum ?? [],
        ),
      ]),
    );
    const everywhere = ['invalid-query', 'storage-unavailable', ...(isWrite ? WRITES : [])];
    for (const expected of [...CONTRACT[name]!, ...everywhere]) {
      expect(`${name} ${said.has(expected) ? expected : `lacks ${expected}`}`).toBe(`${name} ${expected}`);
    }
  }
});
