import { expect, test } from '@jest/globals';
import type { Context } from 'koa';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { logOperations } from '../../src/adapters/http/log-routes.js';
import { readQuery } from '../../src/adapters/http/query.js';
import { readyAnswer, sendReady } from '../../src/adapters/http/ready-answer.js';
import { Recent } from '../../src/adapters/http/recent.js';
import { Callers } from '../../src/application/live/callers.js';
import { SessionCookie } from '../../src/adapters/http/session-cookie.js';
import { sha256Tokens } from '../../src/adapters/system/sha256-tokens.js';
import { makeHouse } from '../application/fixture.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const REQUESTS = 1000;
/** With what else is in a request, nearly all that Node takes of one. */
const LONG = 'x'.repeat(15_000);
/** A text as it comes over the network: in one piece, which no other text shares. */
const received = (text: string): string => Buffer.from(text).toString('latin1');

/** How many bytes of each of many requests are still there once they have all been dealt with. */
const keptOf = (deal: (n: number) => unknown): number => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < REQUESTS; n += 1) deal(n);
  collectGarbage();
  return (process.memoryUsage().heapUsed - before) / REQUESTS;
};

const bearing = (cookie: string) =>
  ({ secure: false, req: { headers: { cookie: received(cookie) } } }) as unknown as Context;

test('of a request that names a session nothing is kept but its token and its caller, whoever asks', () => {
  const cookie = new SessionCookie(sha256Tokens, new Callers(), 1000);
  const bytes = keptOf(() =>
    expect(cookie.read(bearing(`parlour=${sha256Tokens.mint()}; other=${LONG}`))).not.toBeNull(),
  );
  expect(bytes).toBeLessThan(1000);
});

test('whoever was forgotten is known anew, by the same token', () => {
  const callers = new Callers();
  const cookie = new SessionCookie(sha256Tokens, callers, 1000);
  const token = sha256Tokens.mint();
  const caller = cookie.read(bearing(`parlour=${token}`))!;
  expect(cookie.read(bearing(`parlour=${token}`))).toBe(caller);
  callers.forget(caller);
  expect(cookie.read(bearing(`parlour=${token}`))).toBe(callers.find(caller.sessionId));
});

test('what no token looks like is none: it is not even looked into, and nothing of it is kept', () => {
  let digested = 0;
  const digest = (text: string) => {
    digested += 1;
    return text;
  };
  const cookie = new SessionCookie({ ...sha256Tokens, digest }, new Callers(), 1000);
  const token = sha256Tokens.mint();
  for (const value of [
    '',
    'x',
    token.slice(1),
    `${token}x`,
    `${token}-`,
    `${token}%00`,
    `${token}=`,
    `${token} x`,
    LONG,
  ]) {
    expect([value, cookie.read(bearing(`parlour=${value}`))]).toEqual([value, null]);
    expect([value, cookie.read(bearing(`parlour=${value}; parlour=${token}`))?.sessionId]).toEqual([
      value,
      token,
    ]);
  }
  expect(digested).toBe(1);
});

test('of a request’s address nothing is kept but its query, whatever stands before that', () => {
  const bytes = keptOf((n) => {
    const address = received(`http://${LONG}/api/session?a-name-of-no-use=${n}`);
    expect(readQuery(address.slice(address.indexOf('?') + 1)).get('a-name-of-no-use')).toBe(String(n));
  });
  expect(bytes).toBeLessThan(1000);
});

test('of what somebody is told who makes up what they know, nothing is kept', async () => {
  const house = makeHouse();
  const alice = await house.account('Alice');
  const { id } = await house.createRoom(alice, 'Tea');
  await house.enter(alice, id);
  for (let n = 0; n < 10; n += 1) await house.post(alice, id, `${n} ${'x'.repeat(1900)}`);
  const asker = await house.as(alice);
  const { pollRoom, postMessage } = house.use;
  const poll = logOperations({ pollRoom, holdPoll: null, postMessage }).find(
    ({ method }) => method === 'get',
  )!;
  let told = 0;
  const res = {
    writeHead: () => res,
    end: (body: string) => (told += body.length),
  };
  const ctx = { params: { roomId: id }, req: { headers: {} }, res, acceptsEncodings: () => false };
  const ask = (epoch: string) =>
    poll.handle({
      ctx: ctx as unknown as Context,
      asker,
      query: readQuery(`after=0&epoch=${epoch}`),
      body: {},
    });
  // What is kept with the room itself is made by the first.
  await ask('made-up');
  const bytes = keptOf((n) => ask(`made-up-${n}`));
  expect(told).toBeGreaterThan(REQUESTS * 19_000);
  expect(bytes).toBeLessThan(3000);
});

test('what is asked for again goes on under a key of its own, not under a piece of the request', () => {
  const recent = new Recent<number>(1000);
  const key = (n: number) => `a-key-of-some-length-${n}`;
  for (let n = 0; n < REQUESTS; n += 1) recent.keep(key(n), n, 0);
  const bytes = keptOf((n) => {
    const request = received(`${LONG}${key(n)}`);
    expect(recent.find(request.slice(LONG.length), 1000)).toBe(n);
  });
  expect(bytes).toBeLessThan(1000);
});

test('the last poll and the last post are kept, so that V8 finds one of each when it looks, and those before are not', async () => {
  const answered = (method: string): WeakRef<Context> => {
    const ctx = { method, res: { writeHead: () => ({ end: () => undefined }) } } as unknown as Context;
    sendReady(ctx, readyAnswer('{}'));
    return new WeakRef(ctx);
  };
  const earlier = [answered('GET'), answered('POST')];
  const last = [answered('GET'), answered('POST')];
  // What a weak reference was made of stays for the turn.
  await nextTurn();
  collectGarbage();
  expect(earlier.map((one) => one.deref())).toEqual([undefined, undefined]);
  expect(last.map((one) => one.deref()?.method)).toEqual(['GET', 'POST']);
});
