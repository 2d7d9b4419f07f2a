import { expect, test } from '@jest/globals';
import type { Context } from 'koa';
import { pino } from 'pino';
import { FailureLog } from '../../src/adapters/http/failure-log.js';

test('as long as storage is away, a line each ten seconds says so, and how many requests failed for it', () => {
  const lines: { msg: string; requests?: number }[] = [];
  let now = 0;
  const log = new FailureLog(
    pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) }),
    () => now,
  );
  const ctx = { method: 'GET', path: '/api/rooms' } as Context;
  for (; now <= 25_000; now += 100) log.tell(ctx, new Error('refused'), 'storage-unavailable');
  expect(lines.map(({ msg, requests }) => [msg, requests])).toEqual([
    ['storage is away', 1],
    ['storage is away', 100],
    ['storage is away', 100],
  ]);
  now += 60_000;
  log.tell(ctx, new Error('refused again'), 'storage-unavailable');
  expect(lines.at(-1)).toMatchObject({ msg: 'storage is away', requests: 1 });
  log.tell(ctx, new TypeError('a fault'), 'internal');
  log.tell(ctx, new TypeError('a fault'), 'internal');
  expect(lines.slice(4).map(({ msg }) => msg)).toEqual(['request failed', 'request failed']);
});
