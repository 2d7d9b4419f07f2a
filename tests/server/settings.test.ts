import { expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingRefused } from '../../src/settings.js';
import { runToEnd, ServerProcess } from './process.js';

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

test('a setting that cannot be read stops the start with status 78 and one line on standard error', async () => {
  const { code, out, err } = await runToEnd({ STORAGE: 'memory:', ROOM_HISTORY: 'all' });
  expect([code, out]).toEqual([78, '']);
  expect(err).toMatch(/^ROOM_HISTORY="all" cannot be used: [^\n]+\n$/);
});

test('a storage that cannot be used stops the start in the same way', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'parlour-bad-')), 'other.db');
  writeFileSync(path, 'this is no database, whatever its name says'.repeat(50));
  for (const [storage, why] of [
    [`sqlite:${path}`, /damaged|no SQLite database/],
    ['oracle:somewhere', /no storage engine is named “oracle”/],
  ] as const) {
    const { code, out, err } = await runToEnd({ STORAGE: storage });
    expect([code, out]).toEqual([78, '']);
    expect(err).toMatch(why);
    expect(err.trim()).not.toContain('\n');
  }
});

test('a port that is taken is named', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const { code, err } = await runToEnd({ STORAGE: 'memory:', PORT: String(port) });
  holder.close();
  expect(code).toBe(78);
  expect(err).toContain(String(port));
});

test('one line on standard output says the address once it listens', async () => {
  const server = await ServerProcess.start({ STORAGE: 'memory:' });
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.address}/`)).headers.get('content-type')).toMatch(/text\/html/);
  await server.signal('SIGKILL');
});
