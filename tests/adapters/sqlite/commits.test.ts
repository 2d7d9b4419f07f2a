import { DatabaseSync } from '@photostructure/sqlite';
import { expect, test } from '@jest/globals';
import { StorageUnavailable } from '../../../src/adapters/storage/engine.js';
import { Connection } from '../../../src/adapters/storage/sqlite/database.js';
import { SqliteStorage } from '../../../src/adapters/storage/sqlite/sqlite-storage.js';
import {
  account,
  numbersOf,
  numbersTo,
  openRoom,
  outcome,
  readLog,
  say,
  takeBack,
  times,
} from '../../contract/scene.js';
import { connectionsOf, freshPath, open } from './scene.js';

/** A connection that notes what begins and ends a transaction, and may be told to fail. */
class Watched extends Connection {
  constructor(
    database: InstanceType<typeof DatabaseSync>,
    private readonly heard: string[],
    private readonly failing: Set<string>,
  ) {
    super(database);
  }

  override run(...[sql, given]: Parameters<Connection['run']>): void {
    if (/^(BEGIN|COMMIT)/.test(sql)) this.heard.push(sql);
    if (this.failing.has(sql)) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    super.run(sql, given);
  }
}

/** Storage on a file that the engine has made ready, and whose writer is watched. */
const watched = async () => {
  const path = freshPath();
  await (await open(path)).close();
  const heard: string[] = [];
  const failing = new Set<string>();
  const connections = { opened: 0 };
  const connect = () => {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA synchronous = FULL');
    return database;
  };
  const storage = new SqliteStorage({
    openWriter: () => {
      connections.opened += 1;
      return new Watched(connect(), heard, failing);
    },
    openReader: () => new Connection(connect()),
    unlock: () => undefined,
  });
  await openRoom(storage, 'tea');
  heard.length = 0;
  return { storage, heard, failing, connections, connect };
};

test('a read that the disk fails says so, and its connection is closed', async () => {
  const path = freshPath();
  await (await open(path)).close();
  let closed = 0;
  /** SQLite ends the transaction by itself where it cannot read. */
  class Unreadable extends Connection {
    override one(): null {
      this.run('ROLLBACK');
      throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    }
    override close(): void {
      closed += 1;
      super.close();
    }
  }
  const storage = new SqliteStorage({
    openWriter: () => new Connection(new DatabaseSync(path)),
    openReader: () => new Unreadable(new DatabaseSync(path)),
    unlock: () => undefined,
  });
  const why: unknown = await storage.ping().catch((error: unknown) => error);
  expect(why).toBeInstanceOf(StorageUnavailable);
  expect(why).toMatchObject({ message: 'disk I/O error' });
  expect(closed).toBe(1);
  await storage.close();
});

test('all that wait together share one commit, those that are taken back as well', async () => {
  const { storage, heard } = await watched();
  const said = times(50, (at) => say(storage, 'tea', `no. ${at}`));
  const takenBack = times(50, (at) => takeBack(storage, ({ users }) => users.save(account(`user${at}`))));
  await Promise.all([...said, ...takenBack]);
  expect(heard).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
  expect(await numbersOf(storage, 'tea')).toEqual(numbersTo(50));
  await storage.close();
});

test('all that arrive in one turn of the event loop are gathered, but a turn that goes on and on holds nobody up', async () => {
  const { storage, heard } = await watched();
  const inOneTurn = async (ms: number) => {
    let hasEnded = false;
    setImmediate(() => {
      hasEnded = true;
    });
    const first = say(storage, 'tea', 'the first');
    for (const until = performance.now() + ms; performance.now() < until;);
    await Promise.all([first, say(storage, 'tea', 'the second')]);
    return { shared: heard.splice(0), waitedForTheEnd: hasEnded };
  };
  const shared = ['BEGIN IMMEDIATE', 'COMMIT'];
  expect(await inOneTurn(0)).toEqual({ shared, waitedForTheEnd: true });
  expect(await inOneTurn(30)).toEqual({ shared, waitedForTheEnd: false });
  await storage.close();
});

test('nobody is told of success before the commit', async () => {
  const { storage, heard } = await watched();
  const atTelling = times(5, async (at) => {
    await say(storage, 'tea', `no. ${at}`);
    return heard.at(-1);
  });
  expect(await Promise.all(atTelling)).toEqual(times(5, () => 'COMMIT'));
  await storage.close();
});

test.each(['BEGIN IMMEDIATE', 'COMMIT'])(
  'if %s fails, all who shared it are told that storage is away, and nothing of it is stored',
  async (statement) => {
    const { storage, failing } = await watched();
    failing.add(statement);
    const saying = times(5, (at) => say(storage, 'tea', `no. ${at}`));
    const results = await Promise.allSettled([...saying, takeBack(storage, async () => undefined)]);
    expect(results.slice(0, 5).map((result) => (result as PromiseRejectedResult).reason)).toEqual(
      times(5, () => expect.objectContaining({ name: 'StorageUnavailable' })),
    );
    expect(results[5]).toEqual({ status: 'fulfilled', value: 'failed' });
    expect((await readLog(storage, 'tea')).head.last).toBe(0);

    failing.clear();
    expect((await say(storage, 'tea', 'back again')).seq).toBe(1);
    await storage.close();
  },
);

test('a connection that cannot even roll back is given up for another', async () => {
  const { storage, failing, connections } = await watched();
  for (const statement of ['COMMIT', 'ROLLBACK']) failing.add(statement);
  expect(await outcome(say(storage, 'tea', 'never said'))).toBe('failed');
  expect(connections.opened).toBe(1);
  expect(await outcome(storage.transact(async () => undefined))).toBe('failed');
  expect(connections.opened).toBe(2);
  await storage.close();
});

test('a disk that is full takes nothing that was acknowledged, and storage is back when there is room', async () => {
  const { storage, connect } = await watched();
  await say(storage, 'tea', 'before');
  const [writer] = connectionsOf(storage);
  const pages = (limit: number) => writer.one(`PRAGMA max_page_count = ${limit}`);
  pages(1);
  const results = await Promise.all(
    times(40, (at) => outcome(say(storage, 'tea', `${at} ${'x'.repeat(1900)}`).then(({ seq }) => seq))),
  );
  expect(results).toContain('failed');
  const stored = results.filter((one) => typeof one === 'number');
  expect(await numbersOf(storage, 'tea')).toEqual(numbersTo(1 + stored.length));
  pages(1_000_000);
  expect((await say(storage, 'tea', 'after')).seq).toBe(2 + stored.length);
  const database = connect();
  expect(database.prepare('PRAGMA quick_check').get()).toMatchObject({ quick_check: 'ok' });
  database.close();
  await storage.close();
});

test('a writer from outside is waited for, and holds up no reader meanwhile', async () => {
  const { storage, connect } = await watched();
  await storage.close();
  const path = connect().location()!;
  const engine = await open(path);
  const outside = connect();
  outside.exec('BEGIN IMMEDIATE');
  const saying = say(engine, 'tea', 'hello');
  const startedAt = performance.now();
  for (const _ of times(20, Number)) {
    expect((await readLog(engine, 'tea')).head.last).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(performance.now() - startedAt).toBeLessThan(1000);
  outside.exec('COMMIT');
  outside.close();
  expect((await saying).seq).toBe(1);
});

test('a writer from outside who does not end is not waited for for ever', async () => {
  const { storage, connect } = await watched();
  const outside = connect();
  outside.exec('BEGIN IMMEDIATE');
  await expect(say(storage, 'tea', 'hello')).rejects.toMatchObject({ name: 'StorageUnavailable' });
  outside.close();
  expect((await say(storage, 'tea', 'hello')).seq).toBe(1);
  await storage.close();
});

test('closing waits for whoever is reading', async () => {
  const storage = await open(freshPath());
  await openRoom(storage, 'tea');
  let isClosed = false;
  const reading = storage.read(async (from) => {
    await from.rooms();
    void storage.close().then(() => (isClosed = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isClosed).toBe(false);
    return from.rooms();
  });
  expect(await reading).toHaveLength(1);
});

test('more readers than there are connections take turns, and see each the newest', async () => {
  const storage = await open(freshPath());
  await openRoom(storage, 'tea');
  await say(storage, 'tea', 'hello');
  const slowly = () =>
    storage.read(async (from) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return (await from.entries('tea', 1, 10)).length;
    });
  expect(await Promise.all(times(40, slowly))).toEqual(times(40, () => 1));
});
