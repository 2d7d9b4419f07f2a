import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { PostgresHints } from '../../../src/adapters/storage/postgres/hints.js';
import { startServer, type Server } from '../../../src/server.js';
import { readSettings } from '../../../src/settings.js';
import { plainPasswords } from '../../http/parlour.js';
import { Visitor, type Answer } from '../../http/visitor.js';
import { newPlace, query, stopOwnServer, type Place } from '../../support/postgres-places.js';

let place: Place;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.dispose());
afterAll(stopOwnServer);

/** What one who listens has heard, and a way to wait until it is as wanted. */
const listener = (hints: PostgresHints) => {
  const heard: (string | null)[] = [];
  let look = (): void => undefined;
  hints.listen((ids) => {
    heard.push(...(ids ?? [null]));
    look();
  });
  const until = (isAsWanted: (heard: (string | null)[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (isAsWanted(heard)) resolve();
      };
      look();
    });
  return { heard, until };
};

const END_LISTENERS = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parlour hints'`;

test('what one tells, every other hears, and nobody themselves; of very much, all', async () => {
  const many = Array.from({ length: 3000 }, (_, at) => `room-${at}-${'x'.repeat(30)}`);
  const [one, two] = [
    new PostgresHints({ connectionString: place.address }),
    new PostgresHints({ connectionString: place.address }),
  ];
  const [first, second] = [listener(one), listener(two)];
  await Promise.all([first, second].map(({ until }) => until((heard) => heard.length === 1)));
  expect([first.heard, second.heard]).toEqual([[null], [null]]);
  one.tell(['a', 'b']);
  one.tell(many);
  await second.until((heard) => heard.length === many.length + 3);
  expect(second.heard.slice(1).sort()).toEqual(['a', 'b', ...many].sort());
  two.tell(['back']);
  await first.until((heard) => heard.includes('back'));
  expect(first.heard).toEqual([null, 'back']);
  await Promise.all([one.close(), two.close()]);
});

test('tables in another schema are another Parlour, which hears nothing of it', async () => {
  const other = await newPlace();
  const [here, there, alsoHere] = [place, other, place].map(
    ({ address }) => new PostgresHints({ connectionString: address }),
  );
  const [, elsewhere, also] = [here!, there!, alsoHere!].map(listener);
  await Promise.all([elsewhere!, also!].map(({ until }) => until((heard) => heard.length === 1)));
  await listener(here!).until((heard) => heard.length > 0);
  here!.tell(['mine']);
  await also!.until((heard) => heard.includes('mine'));
  expect(elsewhere!.heard).toEqual([null]);
  await Promise.all([here!, there!, alsoHere!].map((hints) => hints.close()));
  await other.dispose();
});

/* Whole servers, that share nothing but the storage. */

const start = (): Promise<Server> =>
  startServer(
    readSettings({ PORT: '0', STORAGE: place.address, RATE_LIMITS: 'off', POLL_WAIT_MS: '60000' }),
    {
      log: pino({ level: 'silent' }),
      clientFolder: null,
      passwords: plainPasswords,
    },
  );

const withServers = async (work: (one: Server, two: Server) => Promise<void>): Promise<void> => {
  const servers = await Promise.all([start(), start()]);
  try {
    await work(servers[0], servers[1]);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
};

/** The same user, by way of another server. */
const via = (server: Server, visitor: Visitor): Visitor => {
  const same = new Visitor(server.address);
  same.cookie = visitor.cookie;
  return same;
};

const hold = (who: Visitor, room: string, after: number, online: string): Promise<Answer> =>
  who.get(`/api/rooms/${room}/updates?after=${after}&online=${online}`, { Prefer: 'wait=60' });

/** Somebody by way of one server in a room, whom another knows. */
const scene = async (one: Server, two: Server) => {
  const [reader, writer] = [new Visitor(one.address), new Visitor(two.address)];
  await reader.post('/api/session', { username: 'Reader' });
  await writer.post('/api/session', { username: 'Writer' });
  const room = await writer.createRoom('Both');
  await reader.enter(room);
  await writer.enter(room);
  return { reader, writer, room };
};

/** Reads on by held polls until what is wanted has come. */
const readOn = async (reader: Visitor, room: string, last: number): Promise<string[]> => {
  const texts: string[] = [];
  let online = '-';
  while (texts.length < last) {
    const { status, body } = await hold(reader, room, texts.length, online);
    expect(status).toBe(200);
    texts.push(...body.entries.map(({ text }: { text: string }) => text));
    online = body.online?.version ?? online;
  }
  return texts;
};

test('a poll that is held by one process hears what is posted, left, deleted and ended by way of another', async () => {
  await withServers(async (one, two) => {
    const { reader, writer, room } = await scene(one, two);
    const third = new PostgresHints({ connectionString: place.address });
    const { until } = listener(third);
    const reading = readOn(reader, room, 20);
    for (let n = 1; n <= 20; n += 1) expect((await writer.say(room, `${n}`)).status).toBe(201);
    expect(await reading).toEqual(Array.from({ length: 20 }, (_, at) => `${at + 1}`));
    await until((heard) => heard.includes(room));
    await third.close();
    const ends = async (does: () => Promise<unknown>): Promise<unknown> => {
      let last = hold(reader, room, 20, '-');
      await does();
      while ((await last).status === 200) last = hold(reader, room, 20, (await last).body.online?.version);
      return (await last).body.code;
    };
    expect(await ends(() => via(two, reader).delete('/api/session/room'))).toBe('not-in-room');
    await reader.enter(room);
    expect(await ends(() => via(two, reader).delete('/api/session'))).toBe('session-ended');
    await reader.post('/api/session', { username: 'Reader' });
    await reader.enter(room);
    expect(await ends(() => writer.delete(`/api/rooms/${room}`))).toBe('room-deleted');
  });
});

test('when the connection that hints come by is ended, nothing is lost, and hints come again', async () => {
  await withServers(async (one, two) => {
    const { reader, writer, room } = await scene(one, two);
    const reading = readOn(reader, room, 30);
    for (let n = 1; n <= 30; n += 1) {
      if (n % 10 === 0) {
        // Once they are there (again).
        while ((await query(place.address, END_LISTENERS)).length === 0);
      }
      await writer.say(room, `${n}`);
    }
    expect(await reading).toEqual(Array.from({ length: 30 }, (_, at) => `${at + 1}`));
  });
  const hints = new PostgresHints({ connectionString: place.address });
  const { heard, until } = listener(hints);
  await until(() => heard.length === 1);
  await query(place.address, END_LISTENERS);
  await until(() => heard.length === 2);
  expect(heard).toEqual([null, null]);
  const teller = new PostgresHints({ connectionString: place.address });
  await listener(teller).until((told) => told.length === 1);
  teller.tell(['again']);
  await until(() => heard.includes('again'));
  await Promise.all([hints.close(), teller.close()]);
});
