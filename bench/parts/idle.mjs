import { getRequest, updatesPath } from '../load/requests.mjs';
import { ratios, summary } from '../report/statistics.mjs';
import { figures, spread } from '../report/table.mjs';
import { cpuMicros } from '../run/cpu.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { newPostgres, transactionsSoFar } from '../run/postgres.mjs';
import { serve, startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { sampleOf } from '../run/sample.mjs';
import { settle } from '../run/settle.mjs';

export const title = 'An idle poll';

const YARDSTICK = 'Koa + router, same bytes';
const GOALS = { 'Parlour, memory': 0.85, 'Parlour, SQLite': 0.85, 'Parlour, PostgreSQL': 0.75 };
/** So many that the server's own limit, ten polls a second a user, is never met. */
const USERS = 2500;
const ROOMS = 50;
const CONNECTIONS = 50;

/** What a poll of a user who knows everything costs the server, beside Koa and Node answering the very same bytes. */
export const measure = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9;
  const answers = quick ? 5000 : 20_000;
  const load = startLoad();
  const running = [load];
  const contestants = [];
  const enter = (name, server, readers, storage) => {
    running.push(server);
    contestants.push({ name, server, readers, storage });
  };
  return whileRunning(running, async () => {
    const storages = {
      'Parlour, memory': 'memory:',
      'Parlour, SQLite': newSqlite(),
      'Parlour, PostgreSQL': await newPostgres(),
    };
    for (const [name, storage] of Object.entries(storages)) {
      const server = await serveParlour(storage, { RATE_LIMITS: 'on' });
      running.push(server);
      const readers = await settle(server.address, { users: USERS, rooms: ROOMS });
      contestants.push({ name, server, readers, storage });
      progress(`${name}: ${USERS} users are in ${ROOMS} rooms`);
    }
    const [{ server, readers }] = contestants;
    const { host } = new URL(server.address);
    const question = getRequest(host, updatesPath(readers[0]), readers[0].cookie);
    const sample = await sampleOf(server.address, question);
    enter(YARDSTICK, await serve('bench/yardsticks/koa-router.mjs', sample), readers);
    enter('node:http, same bytes', await serve('bench/yardsticks/node-http.mjs', sample), readers);
    const series = await inRounds(
      rounds,
      contestants,
      async (one) => {
        const { address, pid } = one.server;
        const isPostgres = one.storage?.startsWith('postgres');
        const queriesBefore = isPostgres ? await transactionsSoFar(one.storage) : 0;
        const before = cpuMicros(pid);
        const options = {
          addresses: [address],
          kind: 'polls',
          connections: CONNECTIONS,
          answers,
          readers: one.readers,
        };
        const { answered, failed, ms, p99, ownMicros } = await load.run('closedLoop', options);
        const micros = (cpuMicros(pid) - before) / answered;
        if (failed > 0) throw new Error(`${one.name}: ${failed} of ${answered} answers were not 200`);
        const queries = isPostgres ? (await transactionsSoFar(one.storage)) - queriesBefore : 0;
        return { micros, perSecond: (answered / ms) * 1000, p99, ownMicros, queries: queries / answered };
      },
      progress,
    );
    return {
      users: USERS,
      rooms: ROOMS,
      connections: CONNECTIONS,
      answers,
      contestants: contestants.map(({ name }) => {
        const { micros, perSecond, p99, ownMicros, queries } = series[name];
        return {
          name,
          micros: summary(micros),
          ofYardstick: ratios(series[YARDSTICK].micros, micros),
          goal: GOALS[name] ?? null,
          perSecond: summary(perSecond),
          p99: summary(p99),
          loadMicros: summary(ownMicros),
          queries: summary(queries),
        };
      }),
    };
  });
};

export const tables = ({ contestants }) => [
  {
    id: 'idle',
    title: 'CPU that an idle poll costs, and of it what Koa + router takes for the same bytes',
    columns: [
      'server',
      'CPU µs an answer',
      'of Koa + router',
      'goal',
      'answers a second, one core',
      'queries a poll',
    ],
    rows: contestants.map(({ name, micros, ofYardstick, goal, perSecond, queries }) => [
      name,
      spread(micros),
      spread(ofYardstick),
      goal === null ? '–' : `≥ ${goal}`,
      figures(perSecond.median),
      queries.high === 0 ? '0' : figures(queries.median),
    ]),
  },
];

export const charts = ({ contestants }) => [
  {
    id: 'idle',
    kind: 'bars',
    title: 'CPU an idle poll costs the server',
    unit: 'µs',
    bars: contestants.map(({ name, micros }) => ({ name, ...micros })),
  },
];
