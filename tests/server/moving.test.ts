import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { outcome, Visitor } from '../http/visitor.js';
import { bigHouse } from '../support/houses.js';
import { newPlace, stopOwnServer } from '../support/postgres-places.js';
import { addTo, entriesIn, everythingAt, noteIn, parlour, startParlour } from './moving-house.js';
import { newStorage, runToEnd, ServerProcess } from './process.js';

let postgres: Awaited<ReturnType<typeof newPlace>>;
beforeAll(async () => {
  postgres = await newPlace();
});
afterAll(async () => {
  await postgres.dispose();
  await stopOwnServer();
});

const folder = mkdtempSync(join(tmpdir(), 'parlour-moving-'));

interface Entry {
  readonly seq: number;
  readonly text: string;
}

/** A browser that has the log as far as it was told, and asks for more. */
class Reader {
  entries: Entry[] = [];
  resets = 0;
  epoch = '';

  constructor(
    private readonly visitor: Visitor,
    private readonly room: string,
  ) {}

  async poll(visitor = this.visitor): Promise<this> {
    const after = this.entries.at(-1)?.seq ?? 0;
    const { status, body } = await visitor.poll(this.room, `after=${after}&epoch=${this.epoch}`);
    expect([status, body.missed]).toEqual([200, undefined]);
    if (body.reset === true) {
      this.resets += 1;
      this.entries = [];
    }
    this.epoch = body.epoch as string;
    this.entries.push(...(body.entries as Entry[]));
    return body.more === true ? this.poll(visitor) : this;
  }

  async pollUntil(isThere: (reader: this) => boolean): Promise<this> {
    while (!isThere(await this.poll()));
    return this;
  }
}

const withCookieOf = (visitor: Visitor, address: string): Visitor => {
  const same = new Visitor(address);
  same.cookie = visitor.cookie;
  return same;
};

test('a house moves from SQLite to PostgreSQL and back: killed in the midst it goes on, nobody is served from half of it, and then sessions, numbers, retries and clients go on', async () => {
  const from = newStorage();
  await addTo(from, bigHouse(3000));
  let server = await ServerProcess.start({ STORAGE: from, ROOM_HISTORY: '1000' });
  const alice = new Visitor(server.address);
  await alice.post('/api/accounts', { username: 'Alice', password: 'correct horse battery' });
  const room = await alice.createRoom('Removals');
  await alice.enter(room);
  for (const id of ['a', 'b', 'c']) await alice.say(room, `text ${id}`, id);
  const reader = await new Reader(alice, room).poll();
  const { resets } = reader;

  const inUse = await parlour(['copy-store', '--from', from, '--to', postgres.address]);
  expect([inUse.code, inUse.err]).toEqual([78, expect.stringContaining('is in use by another Parlour')]);
  await server.signal('SIGTERM');

  const killed = await parlour(['copy-store', '--from', from, '--to', postgres.address], {}, (said, kill) => {
    if (said.includes('copying')) kill('SIGKILL');
  });
  expect(killed.code).toBeNull();
  expect(await noteIn(postgres.address)).toContain('"copyOf"');

  const refused = await runToEnd({ STORAGE: postgres.address });
  expect([refused.code, refused.out]).toEqual([78, '']);
  expect(refused.err).toMatch(
    /^STORAGE="postgres:.*" cannot be used: it holds an unfinished copy of sqlite:.*copy-store again/,
  );
  const other = newStorage();
  await addTo(other, bigHouse(1));
  const another = await parlour(['copy-store', '--from', other, '--to', postgres.address]);
  expect([another.code, another.err]).toEqual([78, expect.stringContaining(`unfinished copy of ${from}`)]);

  const resumed = await parlour(['copy-store', '--from', from, '--to', postgres.address]);
  expect(resumed).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^6,0\d\d records copied and compared/),
  });
  expect(resumed.err).toContain('going on where an earlier run ended');
  const again = await parlour(['copy-store', '--from', from, '--to', postgres.address]);
  expect([again.code, again.err]).toEqual([78, expect.stringContaining('is not empty')]);

  server = await ServerProcess.start({ STORAGE: postgres.address, ROOM_HISTORY: '1000' });
  const moved = withCookieOf(alice, server.address);
  await reader.poll(moved);
  expect([reader.resets, reader.entries.length]).toEqual([resets, 3]);
  expect((await moved.say(room, 'text b', 'b')).body.posted.seq).toBe(2);
  expect((await moved.say(room, 'text d', 'd')).body.posted.seq).toBe(4);
  await reader.poll(moved);
  expect([reader.resets, reader.entries.map(({ seq }) => seq)]).toEqual([resets, [1, 2, 3, 4]]);
  await server.signal('SIGTERM');

  const back = newStorage();
  expect((await parlour(['copy-store', '--from', postgres.address, '--to', back])).code).toBe(0);
  expect(await everythingAt(back)).toEqual(await everythingAt(postgres.address));
});

test('a backup is made and restored while people go on talking: clients start over, with exactly what it holds and what was said since', async () => {
  const environment = { STORAGE: newStorage(), ROOM_HISTORY: '100000' };
  const server = await ServerProcess.start(environment);
  const alice = new Visitor(server.address);
  await alice.post('/api/session', { username: 'Alice' });
  const room = await alice.createRoom('Archive');
  await alice.enter(room);

  let said = 0;
  let isOver = false;
  const talk = async (): Promise<void> => {
    while (!isOver) {
      const key = `m${(said += 1)}`;
      expect(outcome(await alice.say(room, `text ${key}`, key))).toBe('201');
    }
  };
  const talking = Promise.all([talk(), talk()]);
  const reader = await new Reader(alice, room).pollUntil(({ entries }) => entries.length > 20);
  const path = join(folder, 'under-load');
  const made = await parlour(['backup', path], environment);
  expect([made.code, made.err]).toEqual([0, '']);
  const bob = new Visitor(server.address);
  await bob.post('/api/session', { username: 'Bobby' });
  expect(outcome(await bob.get('/api/rooms'))).toBe('200');
  const held = await entriesIn(path);
  await reader.pollUntil(({ entries }) => entries.length > held.length + 20);
  const before = reader.entries;
  const [epoch, resets] = [reader.epoch, reader.resets];

  const restored = await parlour(['restore', path], environment);
  expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/records of .*under-load restored/) });
  await reader.pollUntil((now) => now.epoch !== epoch);
  isOver = true;
  await talking;
  await reader.poll();
  expect(reader.resets).toBe(resets + 1);
  expect(held).toEqual(before.slice(0, held.length));
  expect(reader.entries.slice(0, held.length)).toEqual(held);
  expect(reader.entries.map(({ seq }) => seq)).toEqual(reader.entries.map((_, at) => at + 1));
  expect(new Set(reader.entries.map(({ text }) => text)).size).toBe(reader.entries.length);
  expect(outcome(await bob.get('/api/rooms'))).toBe('401 not-logged-in');

  const { text, seq } = held.at(-1)!;
  const late = await alice.say(room, text, text.slice('text '.length));
  expect([late.status, late.body.posted.seq]).toEqual([200, seq]);
  const last = reader.entries.length;
  expect((await alice.say(room, 'and on', 'and-on')).body.posted.seq).toBe(last + 1);

  // Where nobody says anything, it is noticed as well.
  const since = (await reader.poll()).epoch;
  expect((await parlour(['restore', path], environment)).code).toBe(0);
  await reader.pollUntil((now) => now.epoch !== since);
  expect(reader.entries).toEqual(held);
  await server.signal('SIGTERM');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a backup that is ended by %s in the midst says so, and leaves no file, under no name',
  async (signal) => {
    const place = await newPlace();
    await addTo(place.address, bigHouse(10));
    const own = mkdtempSync(join(tmpdir(), 'parlour-ended-'));
    const inTheWay = new pg.Client(place.address);
    await inTheWay.connect();
    try {
      await inTheWay.query('begin; lock table entries in access exclusive mode');
      const backup = startParlour(['backup', join(own, 'backup')], { STORAGE: place.address });
      while (readdirSync(own).length === 0) await pause(10);
      backup.kill(signal);
      await inTheWay.query('rollback');
      expect(await backup.ended).toEqual({
        code: 130,
        out: '',
        err: 'parlour: given up; nothing was written\n',
      });
      expect(readdirSync(own)).toEqual([]);
    } finally {
      await inTheWay.end();
      await place.dispose();
    }
  },
);

test('a restore that is killed in the midst has changed nothing, and the server goes on', async () => {
  const environment = { STORAGE: newStorage(), ROOM_HISTORY: '100000' };
  await addTo(environment.STORAGE, bigHouse(3000));
  const path = join(folder, 'big');
  expect((await parlour(['backup', path], environment)).code).toBe(0);
  const server = await ServerProcess.start(environment);
  const alice = new Visitor(server.address);
  await alice.post('/api/session', { username: 'Alice' });
  const room = await alice.createRoom('Archive');
  await alice.enter(room);
  await alice.say(room, 'text a', 'a');
  const reader = await new Reader(alice, room).poll();
  const { resets } = reader;
  const killed = await parlour(['restore', path], environment, (said, kill) => {
    if (said.includes('restoring')) kill('SIGKILL');
  });
  expect(killed).toMatchObject({ code: null, out: '' });
  expect((await alice.say(room, 'text b', 'b')).body.posted.seq).toBe(2);
  await reader.poll();
  expect([reader.resets, reader.entries.map(({ seq }) => seq)]).toEqual([resets, [1, 2]]);
  await server.signal('SIGTERM');
});

test('a backup of SQLite is restored into PostgreSQL, under two servers that are running on it', async () => {
  const environment = { STORAGE: newStorage() };
  const first = await ServerProcess.start(environment);
  const alice = new Visitor(first.address);
  await alice.post('/api/session', { username: 'Alice' });
  const room = await alice.createRoom('Archive');
  await alice.enter(room);
  for (const id of ['a', 'b']) await alice.say(room, `text ${id}`, id);
  const path = join(folder, 'to-postgres');
  expect((await parlour(['backup', path], environment)).code).toBe(0);
  await first.signal('SIGTERM');

  const place = await newPlace();
  const servers = await Promise.all([1, 2].map(() => ServerProcess.start({ STORAGE: place.address })));
  const strangers = servers.map(({ address }) => new Visitor(address));
  for (const [at, stranger] of strangers.entries()) {
    await stranger.post('/api/session', { username: `Stranger${at}` });
    await stranger.get('/api/rooms');
  }
  expect((await parlour(['restore', path], { STORAGE: place.address })).code).toBe(0);
  for (const [at, { address }] of servers.entries()) {
    expect(outcome(await strangers[at]!.get('/api/rooms'))).toBe('401 not-logged-in');
    const same = withCookieOf(alice, address);
    const { entries } = await new Reader(same, room).poll();
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 + at }, (_, nth) => nth + 1));
    expect((await same.say(room, `text of ${at}`, `k${at}`)).body.posted.seq).toBe(3 + at);
  }
  await Promise.all(servers.map((server) => server.signal('SIGTERM')));
  await place.dispose();
});

test('a file that is no whole backup is refused under a running server, and nothing has changed', async () => {
  const environment = { STORAGE: newStorage() };
  const server = await ServerProcess.start(environment);
  const alice = new Visitor(server.address);
  await alice.post('/api/session', { username: 'Alice' });
  const room = await alice.createRoom('Archive');
  await alice.enter(room);
  await alice.say(room, 'text a', 'a');
  const path = join(folder, 'no-backup');
  writeFileSync(path, 'Dear diary');
  const refused = await parlour(['restore', path], environment);
  expect([refused.code, refused.err]).toEqual([
    65,
    expect.stringMatching(/^parlour: .*no-backup is no whole backup/),
  ]);
  expect((await new Reader(alice, room).poll()).entries).toHaveLength(1);
  await server.signal('SIGTERM');
});

test('the command line says what is wrong with it in a line, by its exit code and to standard error, and does nothing', async () => {
  const nobody = 'postgres://me:s3cr3t@127.0.0.1:1/db';
  const refused: [string[], Record<string, string>, number, RegExp][] = [
    [[], {}, 64, /which command\?\n\nusage: npx parlour/],
    [['move'], {}, 64, /no command “move”\n\nusage:/],
    [['backup', '--fast', 'x'], {}, 64, /--fast.*\n\nusage:/],
    [['copy-store', 'postgres://me:s3cr3t@host/db'], {}, 64, /Unexpected argument 'postgres…\n\nusage:/],
    [['copy-store', 'postgres:me:s3cr3t@host/db'], {}, 64, /Unexpected argument 'postgres…\n\nusage:/],
    [['copy-store', "postgres://me:it's s3cr3t@host"], {}, 64, /Unexpected argument 'postgres…\n\nusage:/],
    [['postgres://me:s3cr3t@host/db'], {}, 64, /no command “postgres…”\n\nusage:/],
    [['backup'], {}, 64, /backup wants one path/],
    [['restore', 'a', 'b'], {}, 64, /restore wants one path/],
    [['copy-store', '--from', 'sqlite:a.db'], {}, 64, /wants --from ADDRESS and --to ADDRESS/],
    [['copy-store', '--from', 'sqlite:a', '--to', 'sqlite:./a'], {}, 64, /the same storage/],
    [['backup', 'x'], { STORAGE: 'memory:' }, 78, /memory: is in a process’s memory/],
    [['backup', 'x'], { STORAGE: 'sqlite:/nowhere/a.db' }, 78, /no file \/nowhere/],
    [['backup', 'x'], { STORAGE: 'oracle:x' }, 78, /no storage engine is named “oracle”/],
    [['backup', 'x'], { STORAGE: 'nonsense' }, 78, /^parlour: STORAGE="nonsense" cannot be used/],
    [['copy-store', '--from', nobody, '--to', 'sqlite:a.db'], {}, 78, /127\.0\.0\.1:1/],
  ];
  const ends = await Promise.all(refused.map(([given, environment]) => parlour(given, environment)));
  for (const [at, { code, out, err }] of ends.entries()) {
    const [given, , expected, complaint] = refused[at]!;
    expect([given, code, out]).toEqual([given, expected, '']);
    expect(err).toMatch(complaint);
    expect(err).toMatch(expected === 64 ? /^parlour: [^\n]+\n\nusage/ : /^parlour: [^\n]+\n$/);
    expect(err).not.toContain('s3cr3t');
  }
});

test('--help is answered on standard output', async () => {
  expect(await parlour(['--help'])).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^usage: npx parlour/),
  });
});
