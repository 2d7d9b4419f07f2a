import { summary } from '../report/statistics.mjs';
import { spread } from '../report/table.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { serve, startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { seed } from '../run/seed.mjs';

export const title = 'Memory of a user who polls';

const GOAL = '≤ 4';
const POLLS = 5;
const ROOM = 50;
/** So many poll before it is looked how much there is: code that was compiled and caches that were filled are nobody's. */
const BEFORE = 500;

const kibibytes = ({ heapUsed, external, rss }) => ({ heap: (heapUsed + external) / 1024, rss: rss / 1024 });

/** KiB that each further user of so many takes, who has a connection of their own, and polls over it. */
const perUser = async (load, { address, memory }, readers) => {
  await load.run('hold', { address, readers: readers.slice(0, BEFORE), polls: POLLS * 4 });
  const before = kibibytes(await memory());
  const rest = readers.slice(BEFORE);
  await load.run('hold', { address, readers: rest, polls: POLLS });
  const after = kibibytes(await memory());
  await load.run('release');
  return { heap: (after.heap - before.heap) / rest.length, rss: (after.rss - before.rss) / rest.length };
};

/** A new server each time, since a process does not give back what it once had. */
const measureSize = async (users, rounds, progress) => {
  const contestants = [
    {
      name: 'Parlour',
      async start() {
        const storage = newSqlite();
        const readers = await seed(storage, { users, rooms: Math.ceil(users / ROOM) });
        return { readers, server: await serveParlour(storage) };
      },
    },
    {
      name: 'connection',
      async start() {
        const BODY = JSON.stringify({ success: true, message: 'UP TO DATE', entries: [] });
        const readers = Array.from({ length: users }, (_, at) => {
          return { cookie: `parlour=${at}`, roomId: `room${at}`, after: 0, epoch: 'epoch', online: '' };
        });
        return { readers, server: await serve('bench/yardsticks/koa-router.mjs', { BODY, HEADERS: '{}' }) };
      },
    },
  ];
  const measureOne = async ({ start }) => {
    const load = startLoad();
    const running = [load];
    return whileRunning(running, async () => {
      const { server, readers } = await start();
      running.push(server);
      return perUser(load, server, readers);
    });
  };
  const series = await inRounds(rounds, contestants, measureOne, progress);
  const beyond = (what) =>
    summary(series.Parlour[what].map((kib, round) => kib - series.connection[what][round]));
  return {
    users,
    heap: summary(series.Parlour.heap),
    rss: summary(series.Parlour.rss),
    connectionHeap: summary(series.connection.heap),
    connectionRss: summary(series.connection.rss),
    heapBeyond: beyond('heap'),
    rssBeyond: beyond('rss'),
  };
};

/** What a polling user takes beyond the connection: beside a Koa that holds as many connections and knows nobody. */
export const measure = async ({ quick, progress }) => {
  const sizes = [];
  for (const users of quick ? [2000] : [2000, 5000, 10_000]) {
    progress(`${users} users`);
    sizes.push(await measureSize(users, quick ? 1 : 3, progress));
  }
  return { sizes };
};

export const tables = ({ sizes }) => [
  {
    id: 'memory',
    title: 'KiB that a polling user takes, once all garbage is gone (SQLite)',
    columns: [
      'users',
      'heap',
      'of it beyond the connection',
      'resident',
      'of it beyond the connection',
      'goal',
    ],
    rows: sizes.map(({ users, heap, heapBeyond, rss, rssBeyond }) => [
      users.toLocaleString('en-GB'),
      spread(heap),
      spread(heapBeyond),
      spread(rss),
      spread(rssBeyond),
      GOAL,
    ]),
  },
];

export const charts = ({ sizes }) => [
  {
    id: 'memory',
    kind: 'lines',
    title: 'Memory of a polling user beyond the connection',
    unit: 'KiB',
    along: 'users',
    series: [
      { name: 'heap', points: sizes.map(({ users, heapBeyond }) => ({ x: users, ...heapBeyond })) },
      { name: 'resident', points: sizes.map(({ users, rssBeyond }) => ({ x: users, ...rssBeyond })) },
    ],
  },
];
