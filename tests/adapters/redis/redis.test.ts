import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { engineFor } from '../../../src/adapters/storage/engines.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { SightTold } from '../../../src/application/ports.js';
import { outside } from '../../contract/enrolled.js';
import { numbersOf, numbersTo, openRoom, outcome, say, times } from '../../contract/scene.js';
import { RedisServer, whyNoRedis } from '../../support/redis-server.js';

const engine = await engineFor('redis:', outside['redis']!);
const why = await whyNoRedis();
/** No outage may make a test hang: the longest one takes a few seconds. */
jest.setTimeout(20_000);

test.each([
  'redis:',
  'redis://127.0.0.1/zero',
  'redis://127.0.0.1?speed=high',
  'redis://127.0.0.1?prefix=a b',
  'redis://127.0.0.1:1',
])('the address %s is refused, and a password in it is not told', async (address) => {
  const withSecret = address.replace('//', '//user:secret@');
  const refused = await engine.open(withSecret).catch((error: unknown) => error as Error);
  expect(refused).toMatchObject({ name: 'StorageRefused' });
  expect((refused as Error).message).not.toContain('secret');
});

if (why === null) describe('on a server of its own', withRedis);
else describe('redis:', () => test.skip(`left out: ${why}`, () => undefined));

function withRedis(): void {
  let server: RedisServer;
  let opened: OpenedStorage[] = [];
  const open = async (address = server.url): Promise<OpenedStorage> => {
    const storage = await engine.open(address);
    opened.push(storage);
    return storage;
  };
  beforeEach(async () => {
    server = await RedisServer.start();
  });
  afterEach(async () => {
    await Promise.all(opened.map((storage) => storage.close()));
    opened = [];
    await server.stop();
  });

  const eventually = async <T>(work: () => Promise<T>): Promise<T> => {
    for (const patience = performance.now() + 10_000; ;) {
      try {
        return await work();
      } catch (error) {
        if (performance.now() > patience) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };

  test.each([
    [['--appendonly', 'no'], /appendonly is “no” .* set it to yes/],
    [['--appendfsync', 'everysec'], /appendfsync is “everysec” .* set it to always/],
    [['--no-appendfsync-on-rewrite', 'yes'], /no-appendfsync-on-rewrite is “yes”/],
    [['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'], /maxmemory-policy is “allkeys-lru”/],
    [['--replicaof', '127.0.0.1', '1'], /is a replica/],
    [['--cluster-enabled', 'yes'], /part of a cluster/],
    [['--requirepass', 'secret'], /NOAUTH/],
  ])('a Redis that runs with %j is refused, with the reason', async (flags, reason) => {
    await server.kill();
    await server.run(flags);
    await expect(open()).rejects.toMatchObject({
      name: 'StorageRefused',
      message: expect.stringMatching(reason),
    });
  });

  test('every post that was acknowledged is there after kill -9, once and under its number', async () => {
    const storage = await open();
    await openRoom(storage, 'tea');
    const acknowledged: number[] = [];
    for (const round of numbersTo(3)) {
      let enough = (): void => undefined;
      const some = new Promise<void>((resolve) => (enough = resolve));
      const posting = times(60, async (at) => {
        const seq = await outcome(say(storage, 'tea', `${round} ${at}`).then((entry) => entry.seq));
        if (typeof seq !== 'number') return;
        acknowledged.push(seq);
        if (acknowledged.length >= 15 * round) enough();
      });
      await some;
      await server.kill();
      await Promise.all(posting);
      await server.run();
      const kept = await eventually(() => numbersOf(storage, 'tea'));
      expect(kept).toEqual(numbersTo(kept.length));
      expect(acknowledged.filter((seq) => !kept.includes(seq))).toEqual([]);
      expect(new Set(acknowledged).size).toBe(acknowledged.length);
    }
  });

  test('what listens but does not speak is refused in time', async () => {
    server.freeze();
    await expect(open()).rejects.toMatchObject({
      name: 'StorageRefused',
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+: it does not answer$/),
    });
  });

  const allRefused = async (storage: OpenedStorage): Promise<void> => {
    const asked = [storage.ping(), numbersOf(storage, 'tea'), say(storage, 'tea', 'lost')];
    const unavailable = {
      status: 'rejected',
      reason: expect.objectContaining({ name: 'StorageUnavailable' }),
    };
    expect(await Promise.allSettled(asked)).toEqual(asked.map(() => unavailable));
  };

  test('while there is no server all that is asked is refused as unavailable, and when it is back all goes on', async () => {
    const storage = await open();
    await openRoom(storage, 'tea');
    await server.kill();
    await allRefused(storage);
    await server.run();
    await eventually(() => storage.ping());
    expect((await say(storage, 'tea', 'one')).seq).toBe(1);
  });

  test('a server that says nothing any more is not waited for: all that is asked is refused as unavailable, until it speaks again', async () => {
    const storage = await open();
    await openRoom(storage, 'tea');
    server.freeze();
    await allRefused(storage);
    await allRefused(storage);
    server.thaw();
    const kept = await eventually(() => numbersOf(storage, 'tea'));
    expect((await say(storage, 'tea', 'next')).seq).toBe(kept.length + 1);
  });

  test('a server that comes back unfit is not written to until it is set right', async () => {
    const storage = await open();
    await openRoom(storage, 'tea');
    await server.kill();
    await server.run(['--appendfsync', 'no']);
    await eventually(async () => {
      await expect(say(storage, 'tea', 'one')).rejects.toMatchObject({
        name: 'StorageUnavailable',
        message: expect.stringContaining('appendfsync is “no”'),
      });
    });
    await server.set('appendfsync', 'always');
    expect((await eventually(() => say(storage, 'tea', 'one'))).seq).toBe(1);
  });

  test('two prefixes on one server know nothing of each other', async () => {
    const [one, other] = [await open(`${server.url}?prefix=one`), await open(`${server.url}?prefix=other`)];
    await openRoom(one, 'tea');
    expect(await other.read((from) => from.rooms())).toEqual([]);
    await other.transact(({ logs }) => logs.save(MessageLog.open('milk', 'epoch')));
    expect(await one.transact(({ logs }) => logs.get('milk'))).toBeNull();
  });

  test('what is opened as existing, where nothing was stored, is refused and makes nothing', async () => {
    for (const _ of times(2, Number)) {
      await expect(engine.open(server.url, { existing: true })).rejects.toMatchObject({
        name: 'StorageRefused',
        message: expect.stringContaining('nothing is stored'),
      });
    }
  });

  test('processes tell each other whom they saw: the latest counts, and only of the rooms asked for', async () => {
    const [here, there] = [await open(), await open()];
    const member = { userId: 'alice', username: 'Alice “A” 😀', guest: true };
    const told = (what: Partial<SightTold>): SightTold => ({
      roomId: 'tea',
      userId: 'alice',
      member,
      visibleAgeMs: null,
      hiddenAgeMs: null,
      goneAgeMs: null,
      ...what,
    });
    await here.exchange!.swap([told({ visibleAgeMs: 300, hiddenAgeMs: 9000 })], []);
    await there.exchange!.swap(
      [told({ visibleAgeMs: 400_000, member: null }), told({ roomId: 'milk', goneAgeMs: 0 })],
      [],
    );
    const [sight, ...others] = await there.exchange!.swap([], ['tea']);
    expect(others).toEqual([]);
    expect(sight).toMatchObject({ roomId: 'tea', userId: 'alice', member, goneAgeMs: null });
    expect(sight!.visibleAgeMs).toBeGreaterThanOrEqual(300);
    expect(sight!.visibleAgeMs).toBeLessThan(400_000);
    expect(sight!.hiddenAgeMs).toBeGreaterThanOrEqual(9000);
    expect(await here.exchange!.swap([], ['nowhere'])).toEqual([]);
  });
}
