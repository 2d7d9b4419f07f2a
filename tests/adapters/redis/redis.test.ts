import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Connection, readAddress } from '../../../examples/redis-engine/connection.js';
import { RedisStorage } from '../../../examples/redis-engine/redis-storage.js';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import { engineFor } from '../../../src/adapters/storage/engines.js';
import { materials } from '../../../src/adapters/storage/materials.js';
import type { ArchiveReader } from '../../../src/application/archive.js';
import type { PresenceExchange } from '../../../src/application/ports.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import { outside } from '../../contract/enrolled.js';
import { numbersOf, numbersTo, openRoom, outcome, say, times } from '../../contract/scene.js';
import { ALICE, told } from '../../support/sights.js';
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

if (why === null) {
  describe('on a server that is not fit', refusing);
  describe('on a server of its own', withRedis);
} else describe('redis:', () => test.skip(`left out: ${why}`, () => undefined));

function refusing(): void {
  test.each([
    [['--appendonly', 'no'], /appendonly is “no” .* set it to yes/],
    [['--appendfsync', 'everysec'], /appendfsync is “everysec” .* set it to always/],
    [['--no-appendfsync-on-rewrite', 'yes'], /no-appendfsync-on-rewrite is “yes”/],
    [['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'], /maxmemory-policy is “allkeys-lru”/],
    [['--replicaof', '127.0.0.1', '1'], /is a replica/],
    [['--cluster-enabled', 'yes'], /part of a cluster/],
    [['--requirepass', 'secret'], /NOAUTH/],
  ])('a Redis that runs with %j is refused, with the reason', async (flags, reason) => {
    const server = await RedisServer.start(flags);
    try {
      await expect(engine.open(server.url)).rejects.toMatchObject({
        name: 'StorageRefused',
        message: expect.stringMatching(reason),
      });
    } finally {
      await server.stop();
    }
  });
}

function withRedis(): void {
  let server: RedisServer;
  let opened: OpenedStorage[] = [];
  const open = async (address = server.url): Promise<OpenedStorage> => {
    const storage = await engine.open(address);
    opened.push(storage);
    return storage;
  };
  /** As short as it can be without taking a busy machine for an outage. */
  const openImpatiently = async (url = server.url): Promise<OpenedStorage> => {
    const connection = await Connection.to(readAddress(url, materials), materials, 1000);
    const storage = new RedisStorage(connection, 'parlour', materials);
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
    await expect(openImpatiently()).rejects.toMatchObject({
      name: 'StorageRefused',
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+: it does not answer; start it, or set /),
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
    const storage = await openImpatiently();
    await openRoom(storage, 'tea');
    server.freeze();
    await allRefused(storage);
    await allRefused(storage);
    server.thaw();
    const kept = await eventually(() => numbersOf(storage, 'tea'));
    expect((await say(storage, 'tea', 'next')).seq).toBe(kept.length + 1);
  });

  test('a connection that nobody is at the other end of any more is made anew, however much is asked on it', async () => {
    const ways: Socket[] = [];
    const between = createServer((near) => {
      const far = connect(Number(new URL(server.url).port), '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const end of [near, far]) end.on('error', () => undefined);
      ways.push(near, far);
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    const storage = await openImpatiently(`redis://127.0.0.1:${(between.address() as AddressInfo).port}`);
    for (const end of ways) end.unpipe().pause();
    const asked: Promise<unknown>[] = [];
    const asking = setInterval(() => asked.push(outcome(storage.ping())), 50);
    try {
      await expect(storage.ping()).rejects.toMatchObject({ name: 'StorageUnavailable' });
      await eventually(() => storage.ping());
    } finally {
      clearInterval(asking);
      await Promise.all(asked);
      between.close();
      for (const end of ways) end.destroy();
    }
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

  /** Storage whose views can be read for so long, and the server's own word on how much of the past it has. */
  const openWithPast = async (pastKeptMs: number) => {
    const connection = await Connection.to(readAddress(server.url, materials), materials);
    const storage = new RedisStorage(connection, 'parlour', materials, pastKeptMs);
    opened.push(storage);
    const past = async (): Promise<unknown[]> => [
      await connection.ask('HLEN', '{parlour}:before'),
      await connection.ask('ZCARD', '{parlour}:changes'),
      await connection.ask('ZCARD', '{parlour}:times'),
      await connection.ask('HLEN', '{parlour}:versions'),
    ];
    return { storage, past };
  };

  test('a view shows the same while the past is kept, and a view from before that is refused as unavailable, never shown what is newer', async () => {
    const { storage } = await openWithPast(300);
    await openRoom(storage, 'tea');
    const seen: number[] = [];
    const reading = storage.read(async (from) => {
      for (const patience = performance.now() + 10_000; performance.now() < patience;) {
        seen.push((await from.entries('tea', 1, 1000)).length);
        await say(storage, 'tea', `text ${seen.length}`);
      }
    });
    await expect(reading).rejects.toMatchObject({
      name: 'StorageUnavailable',
      message: expect.stringContaining('the past of this view is not kept any more'),
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.map(() => 0));
    expect((await numbersOf(storage, 'tea')).length).toBe(seen.length);
  });

  test('of the past nothing is left when it is over: a commit drops what no view may ask for any more', async () => {
    const { storage, past } = await openWithPast(50);
    await openRoom(storage, 'tea');
    for (const text of times(30, String)) await say(storage, 'tea', text, { history: 3 });
    await eventually(async () => {
      // It writes nothing, and so adds nothing to the past.
      await storage.transact(async ({ logs }) => logs.save((await logs.get('tea'))!));
      expect(await past()).toEqual([0, 0, 0, 0]);
    });
    expect(await numbersOf(storage, 'tea')).toEqual([28, 29, 30]);
  });

  test('while all is read out the past is held on to, however long that takes', async () => {
    const { storage } = await openWithPast(0);
    await openRoom(storage, 'tea');
    const page = (from: ArchiveReader) => from.page('entry', null, 100);
    await storage.archive.read(async (from) => {
      expect(await page(from)).toEqual([]);
      for (const text of times(20, String)) await say(storage, 'tea', text);
      expect(await page(from)).toEqual([]);
    });
    expect(await storage.archive.read(page)).toHaveLength(20);
  });

  test('C10: what was told before the server’s clock was set back is forgotten, and what is told from then on counts', async () => {
    const [here, there] = [(await open()).exchange!, (await open()).exchange!];
    const learn = async (exchange: PresenceExchange) => exchange.swap([], ['tea'], 600_000);
    const bobby = told({ userId: 'bobby', visibleAgeMs: 0 });
    await here.swap([told({ visibleAgeMs: 0, goneAgeMs: 0 }), bobby], ['tea'], 600_000);
    expect(await learn(there)).toHaveLength(2);
    const raw = await Connection.to(readAddress(server.url, materials), materials);
    const key = '{parlour}:sights:tea';
    for (const userId of ['alice', 'bobby']) {
      const { member, ...times } = JSON.parse((await raw.ask('HGET', key, userId)) as string);
      const ahead = Object.entries<number>(times).map(([name, at]) => [name, at + 600_000]);
      await raw.ask('HSET', key, userId, JSON.stringify({ member, ...Object.fromEntries(ahead) }));
    }
    await raw.close();
    await here.swap([told({ member: null, visibleAgeMs: 300 })], [], 600_000);
    const [alice, ...none] = await learn(there);
    expect(none).toEqual([]);
    expect(alice).toMatchObject({ member: ALICE, goneAgeMs: null });
    expect(alice!.visibleAgeMs).toBeGreaterThanOrEqual(300);
  });

  test('two prefixes on one server know nothing of each other', async () => {
    const [one, other] = [await open(`${server.url}?prefix=one`), await open(`${server.url}?prefix=other`)];
    await openRoom(one, 'tea');
    expect(await other.read((from) => from.rooms())).toEqual([]);
    await other.transact(({ logs }) => logs.save(MessageLog.open('milk', 'epoch')));
    expect(await one.transact(({ logs }) => logs.get('milk'))).toBeNull();
  });
}
