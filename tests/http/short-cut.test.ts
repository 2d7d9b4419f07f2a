import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Koa from 'koa';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gatekeepers } from '../../src/adapters/http/answering.js';
import { createApi } from '../../src/adapters/http/api.js';
import type { Operation } from '../../src/adapters/http/operation.js';
import { request } from '../support/request.js';

const LONG_WAY = 299;
/** Lets everybody in: who is let in does not depend on the way. */
const open = {
  authenticate: { execute: () => ({ user: { id: 'somebody' } }) },
  cookie: { read: () => null },
  limits: { spend: () => undefined },
} as unknown as Gatekeepers;
const poll = {
  method: 'get',
  path: '/api/rooms/:roomId/updates',
  limit: 'polls',
  handle: ({ ctx }) => void (ctx.body = `short ${ctx['params'].roomId}`),
} as Operation;

let isClosing = false;
let server: Server;
let address: string;

beforeAll(async () => {
  const app = new Koa();
  app.use(createApi([poll], open, () => isClosing).shortCut);
  app.use((ctx) => void (ctx.status = LONG_WAY));
  server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const POLL = '/api/rooms/room-1/updates';

test('a poll, with a query or without, is answered before any layer that is for other requests', async () => {
  for (const path of [POLL, `${POLL}?`, `${POLL}?after=7&epoch=e&online=v&hidden=1`]) {
    const { status, body } = await request(address, path);
    expect([path, status, String(body)]).toEqual([path, 200, 'short room-1']);
  }
});

test('whatever is not quite a poll goes the long way', async () => {
  const odd = [
    '/',
    '/api/rooms',
    `${POLL}/`,
    `${POLL}s`,
    `/x${POLL}`,
    '/api/rooms//updates',
    '/api/rooms/a/b/updates',
  ];
  for (const path of [...odd, '/api/rooms/room%2D1/updates', `//host${POLL}`, `http://host${POLL}`]) {
    expect([path, (await request(address, path)).status]).toEqual([path, LONG_WAY]);
  }
  for (const method of ['POST', 'HEAD', 'OPTIONS']) {
    expect([method, (await request(address, POLL, { method })).status]).toEqual([method, LONG_WAY]);
  }
});

test('once the end has begun, polls go the way on which all requests are refused', async () => {
  isClosing = true;
  const { status } = await request(address, POLL);
  isClosing = false;
  expect(status).toBe(LONG_WAY);
});
