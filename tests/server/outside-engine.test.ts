import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startServer } from '../../src/server.js';
import { readSettings } from '../../src/settings.js';
import { Visitor } from '../http/visitor.js';
import { bigHouse } from '../support/houses.js';
import { RedisServer, whyNoRedis } from '../support/redis-server.js';
import { addTo, everythingAt, parlour } from './moving-house.js';
import { engineModule, newStorage, ServerProcess } from './process.js';

const EXAMPLE = join(import.meta.dirname, '../../examples/redis-engine');
/** Where its README has it compiled to: from there it finds its packages. */
const COMPILED = join(EXAMPLE, 'dist/engine.js');
const why = await whyNoRedis();

if (why === null) describe('an engine from outside, on Redis', withRedis);
else describe('an engine from outside, on Redis', () => test.skip(`left out: ${why}`, () => undefined));

function withRedis(): void {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
    await build({
      entryPoints: [join(EXAMPLE, 'engine.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: COMPILED,
    });
  });
  afterAll(() => redis.stop());

  test('a house moves to it and back with all that is in it, and servers go on there', async () => {
    const [from, to, back] = [newStorage(), `${redis.url}?prefix=moved`, newStorage()];
    await addTo(from, bigHouse(300));
    const environment = { STORAGE_ENGINE: COMPILED };
    const moved = await parlour(['copy-store', '--from', from, '--to', to], environment);
    expect([moved.code, moved.out]).toEqual([0, expect.stringContaining(`STORAGE=${to}`)]);
    expect(await everythingAt(to)).toEqual(await everythingAt(from));

    const returned = await parlour(['copy-store', '--from', to, '--to', back], environment);
    expect([returned.code, returned.err]).toEqual([0, expect.any(String)]);
    expect(await everythingAt(back)).toEqual(await everythingAt(from));

    const server = await ServerProcess.start({ ...environment, STORAGE: to });
    const alice = new Visitor(server.address);
    await alice.post('/api/session', { username: 'Alice' });
    const room = await alice.createRoom('Outside');
    await alice.enter(room);
    expect((await alice.say(room, 'here', 'a')).body.posted.seq).toBe(1);
    await server.signal('SIGTERM');
  });

  test('a backup is made of it, and restored into it', async () => {
    const environment = { STORAGE: `${redis.url}?prefix=backed-up`, STORAGE_ENGINE: COMPILED };
    await addTo(environment.STORAGE, bigHouse(100));
    const path = join(mkdtempSync(join(tmpdir(), 'parlour-outside-')), 'backup.gz');
    const backup = await parlour(['backup', path], environment);
    expect([backup.code, backup.err]).toEqual([0, '']);
    const empty = { ...environment, STORAGE: `${redis.url}?prefix=restored` };
    expect((await parlour(['restore', path], empty)).code).toBe(0);
    const [was, is] = [await everythingAt(environment.STORAGE), await everythingAt(empty.STORAGE)];
    // A restored log begins a new epoch.
    expect({ ...is, log: [] }).toEqual({ ...was, log: [] });
    expect(is.log).toHaveLength(was.log.length);
  });
}

test('without its module, or with one of another scheme, an address from outside is refused and says so', async () => {
  const cloud = engineModule(
    'export const engine = () => ({ scheme: "cloud", capabilities: { durable: true }, open: () => { throw new Error("opened"); } });',
  );
  const from = newStorage();
  await addTo(from, bigHouse(1));
  const there = 'redis://127.0.0.1:1';
  const refused: [string[], Record<string, string>, RegExp][] = [
    [['copy-store', '--from', from, '--to', there], {}, /no storage engine is named “redis”.*STORAGE_ENGINE/],
    [
      ['copy-store', '--from', there, '--to', from],
      { STORAGE_ENGINE: cloud },
      /no storage engine is named “redis”/,
    ],
    [['backup', 'x'], { STORAGE: there, STORAGE_ENGINE: cloud }, /is the engine “cloud”, and not “redis”/],
    [['restore', 'x'], { STORAGE: there, STORAGE_ENGINE: './no/such.js' }, /no\/such\.js .*cannot be loaded/],
  ];
  for (const [given, environment, complaint] of refused) {
    const { code, out, err } = await parlour(given, environment);
    expect([code, out, err]).toEqual([78, '', expect.stringMatching(complaint)]);
    expect(err).toMatch(/^parlour: [^\n]+\n$/);
  }
});

test('C10 a shared storage whose engine has no exchange is not served: nobody would be seen by other processes', async () => {
  const path = engineModule(
    `const opened = { shared: true, archive: { read: (work) => work({ note: async () => null }) }, close: async () => {} };
     export const engine = () => ({ scheme: "alone", capabilities: { durable: true, shared: true }, open: async () => opened });`,
  );
  const settings = readSettings({ STORAGE: 'alone:', STORAGE_ENGINE: path, PORT: '0' });
  const starting = startServer(settings, { log: pino({ level: 'silent' }), clientFolder: null });
  await expect(starting).rejects.toThrow('no exchange');
});
