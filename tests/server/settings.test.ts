import { expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { readSettings, SettingRefused } from '../../src/settings.js';
import { engineModule, newStorage, runToEnd, ServerProcess } from './process.js';

const BAD: [string, string][] = [
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['HOST', 'not a host'],
  ['HOST', '0.0.0.0'],
  ['STORAGE', 'nowhere'],
  ['ROOM_HISTORY', '0'],
  ['ROOM_CAPACITY', '1'],
  ['ROOM_CAPACITY', '1001'],
  ['PLACE_KEPT_MS', '1.5'],
  ['LOGIN_DELAY_MS', 'long'],
  ['POLL_INTERVAL_MS', '999'],
  ['POLL_WAIT_MS', '60001'],
  ['POLL_WAIT_MS', '20s'],
  ['ONLINE_TTL_MS', '0'],
  ['AWAY_TTL_MS', 'never'],
  ['SESSION_IDLE_MS', '-5'],
  ['SESSION_MAX_MS', '1e9'],
  ['RATE_LIMITS', 'maybe'],
  ['TRUST_PROXY', 'true'],
  ['INSECURE_HTTP', 'yes'],
  ['METRICS', '1'],
  ['LOG_LEVEL', 'loud'],
];

test.each(BAD)('%s=%s is refused by a line that names it, its value and what would do', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(SettingRefused);
  expect(() => readSettings({ [name]: value })).toThrow(
    new RegExp(`^${name}="${value}" cannot be used: it must be .+$`),
  );
});

test.each([
  ['STORAGE', 'Postgres://me:s3cr3t@host/db', 'Postgres…'],
  ['STORAGE', 'Postgres://host/db?user=me&password=s3cr3t', 'Postgres…'],
  ['STORAGE', '"postgres://me:s3cr3t@host/db"', '"postgres…'],
  ['STORAGE', '//me:s3cr3t@host/db', '//me…'],
  ['STORAGE', 'Postgres://me:s3cr3t', 'Postgres…'],
  ['STORAGE', 'host=db user=me password=s3cr3t', 'host…'],
  ['HOST', 'postgres://me:s3cr3t@host/db', 'postgres…'],
  ['LOG_LEVEL', 'postgres://me:s3cr3t@host/db', 'postgres…'],
  ['STORAGE_ENGINE', 'postgres://me:s3cr3t@host/db', 'postgres…'],
])('%s=%s, which may hold a password, is refused by as much of it as holds none', (name, value, shown) => {
  expect(() => readSettings({ [name]: value })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(`${name}=${JSON.stringify(shown)} cannot be used: `),
    }),
  );
  expect(() => readSettings({ [name]: value })).not.toThrow(/s3cr3t/);
});

test('what is not set, or set to nothing, has its default', () => {
  expect(readSettings({ PORT: '', HOST: ' ' })).toEqual(readSettings({}));
  expect(readSettings({})).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    storage: 'sqlite:./data/parlour.db',
  });
});

test('another address than loopback wants INSECURE_HTTP=on', () => {
  expect(readSettings({ HOST: '0.0.0.0', INSECURE_HTTP: 'on' }).host).toBe('0.0.0.0');
  expect(readSettings({ HOST: '127.0.0.2' }).host).toBe('127.0.0.2');
});

test('each setting that cannot be used stops the start with status 78, one line on standard error, and nothing on standard output', async () => {
  const damaged = newStorage();
  writeFileSync(damaged.slice('sqlite:'.length), 'this is no database, whatever its name says'.repeat(50));
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;

  /** A label may have 63 letters: nobody is asked for this one, and so it is found out without a network as well. */
  const unknown = `${'a'.repeat(64)}.invalid`;
  const shown = (address: string, why: string) =>
    new RegExp(`^STORAGE="${address}[^"]*" cannot be used: ${why}`);
  const nothing = engineModule('export const motor = () => undefined;');
  const empty = engineModule('export const engine = () => ({});');
  const cloud = engineModule(
    'export const engine = () => ({ scheme: "cloud", capabilities: {}, open: async () => { throw new Error("opened"); } });',
  );
  const refused: [Record<string, string>, RegExp][] = [
    [{ ROOM_HISTORY: 'all' }, /^ROOM_HISTORY="all" cannot be used: .*1 to 100000/],
    [{ HOST: '0.0.0.0' }, /^HOST="0\.0\.0\.0" cannot be used: .*INSECURE_HTTP=on/],
    [
      { HOST: unknown, INSECURE_HTTP: 'on' },
      new RegExp(`^HOST="${unknown}" cannot be used: .*; it must be .*127\\.0\\.0\\.1`),
    ],
    [
      { HOST: '192.0.2.1', INSECURE_HTTP: 'on' },
      /^HOST="192\.0\.2\.1" cannot be used: .*EADDRNOTAVAIL.*; it must be/,
    ],
    [{ PORT: String(port) }, new RegExp(`^PORT="${port}" cannot be used: it is taken.*another PORT`)],
    [{ STORAGE: damaged }, shown(damaged, '.*(damaged|no SQLite database).*; restore')],
    [{ STORAGE: `${damaged}/data/parlour.db` }, shown(`${damaged}/`, '.*cannot be opened: .*; set the path')],
    [{ STORAGE: 'sqlite:' }, /^STORAGE="sqlite:.*" cannot be used: .*sqlite:\.\/data\/parlour\.db/],
    [{ STORAGE: 'oracle:somewhere' }, shown('oracle:somewhere', 'no storage engine is named “oracle”')],
    [
      { STORAGE_ENGINE: './no/such.js' },
      /module \.\/no\/such\.js that STORAGE_ENGINE names cannot be loaded: .*; set the path/,
    ],
    [{ STORAGE_ENGINE: nothing }, /STORAGE_ENGINE names exports no function named engine; set that/m],
    [{ STORAGE_ENGINE: empty }, /STORAGE_ENGINE names exports as engine what returns none/],
    [{ STORAGE_ENGINE: cloud }, /STORAGE_ENGINE names is the engine “cloud”, and not “memory”; set/m],
    [{ STORAGE: 'Postgres://me:s3cr3t@127.0.0.1:1/db' }, /^STORAGE="Postgres…" cannot be used: /],
    [
      { STORAGE: 'postgres://me:s3cr3t@127.0.0.1:1/db' },
      shown('postgres://127.0.0.1:1/db', 'PostgreSQL: .*; start it'),
    ],
  ];
  const ends = await Promise.all(refused.map(([setting]) => runToEnd({ STORAGE: 'memory:', ...setting })));
  holder.close();
  for (const [at, { code, out, err }] of ends.entries()) {
    expect([code, out]).toEqual([78, '']);
    expect(err).toMatch(refused[at]![1]);
    expect(err).toMatch(/^[^\n]+\n$/);
    expect(err).not.toContain('s3cr3t');
  }
});

test('one line on standard output says the address once it listens, and logs go to standard error', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:', LOG_LEVEL: 'info' });
  expect(server.said.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
  expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.address}/`)).headers.get('content-type')).toMatch(/text\/html/);
  expect(await server.signal('SIGTERM')).toBe(0);
  expect(server.said.out.split('\n')).toHaveLength(2);
  for (const line of server.said.err.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});

test('an IPv6 address is written as a URL writes it', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:', HOST: '::1' });
  expect(server.said.out).toMatch(/^http:\/\/\[::1\]:\d+\n$/);
  expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  await server.signal('SIGKILL');
});

test('an address is logged without the password, wherever in it that stands', async () => {
  for (const STORAGE of ['memory://user:hu@sh@db/parlour', 'memory://db/parlour?user=me&password=hu@sh']) {
    const server = await ServerProcess.start({ STORAGE, LOG_LEVEL: 'info' });
    await server.signal('SIGTERM');
    expect(server.said.err).toContain('memory://db/parlour');
    expect(server.said.err).not.toMatch(/hu|sh@|password=/);
  }
});
