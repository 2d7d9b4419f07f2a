import { middle, ratios, summary } from '../report/statistics.mjs';
import { figures, spread } from '../report/table.mjs';
import { cpuMicros } from '../run/cpu.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { allDisconnected, newPostgres, transactionsSoFar } from '../run/postgres.mjs';
import { serve, startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { pollSampleOf } from '../run/sample.mjs';
import { catchUp, settle } from '../run/settle.mjs';

export const title = 'An idle poll';

const YARDSTICK = 'Koa + router, same bytes';
const ON_POSTGRES = 'Parlour, PostgreSQL';
const GOALS = { 'Parlour, memory': 0.85, 'Parlour, SQLite': 0.85, [ON_POSTGRES]: 0.75 };
/** So many that the server's own limit, ten polls a second a user, is never met. */
const USERS = 2500;
const ROOMS = 50;
const CONNECTIONS = 50;

/** All that a server can do about a poll is in its cost. */
const WHOLE = { RATE_LIMITS: 'on', METRICS: 'on' };

const pollsOf = (address, readers, answers) => {
  return { addresses: [address], kind: 'polls', connections: CONNECTIONS, answers, readers };
};

/**
 * Queries that PostgreSQL is asked for a poll. Its count is whole only when connections have ended, so a server is started, asked
 * so many polls and stopped, and in the same rounds one that is asked none of them: the polls are what they differ in.
 */
const queriesAPoll = async ({ storage, readers }, rounds, answers, progress) => {
  const contestants = [
    { name: 'polled', polls: answers },
    { name: 'not polled', polls: 0 },
  ];
  const measureOne = async ({ polls }) => {
    const before = await transactionsSoFar(storage);
    const load = startLoad();
    const running = [load];
    await whileRunning(running, async () => {
      const server = await serveParlour(storage, WHOLE);
      running.push(server);
      const current = await catchUp(server.address, readers);
      if (polls === 0) return;
      const { failed } = await load.run('closedLoop', pollsOf(server.address, current, polls));
      if (failed > 0) throw new Error(`${failed} of ${polls} answers were not 200`);
    });
    await allDisconnected(storage);
    return { queries: (await transactionsSoFar(storage)) - before };
  };
  const series = await inRounds(rounds, contestants, measureOne, (round) => progress(`queries, ${round}`));
  const others = series['not polled'].queries;
  return summary(series.polled.queries.map((count, round) => (count - others[round]) / answers));
};

/** What a poll of a user who knows everything costs the server, beside Koa and Node answering the very same bytes. */
export const measure = async ({ quick, progress }) => {
  /* Many and short, as for growth. */
  const rounds = quick ? 5 : 61;
  const answers = 3000;
  const load = startLoad();
  const running = [load];
  const contestants = [];
  const enter = (name, server, readers) => {
    running.push(server);
    contestants.push({ name, server, readers });
  };
  const series = await whileRunning(running, async () => {
    const storages = {
      'Parlour, memory': 'memory:',
      'Parlour, SQLite': newSqlite(),
      [ON_POSTGRES]: await newPostgres(),
    };
    for (const [name, storage] of Object.entries(storages)) {
      const server = await serveParlour(storage, WHOLE);
      running.push(server);
      const readers = await settle(server.address, { users: USERS, rooms: ROOMS });
      contestants.push({ name, server, readers, storage });
      progress(`${name}: ${USERS} users are in ${ROOMS} rooms`);
    }
    const [{ server, readers }] = contestants;
    const sample = await pollSampleOf(server.address, readers[0]);
    enter(YARDSTICK, await serve('bench/yardsticks/koa-router.mjs', sample), readers);
    enter('node:http, same bytes', await serve('bench/yardsticks/node-http.mjs', sample), readers);
    return inRounds(
      rounds,
      contestants,
      async (one) => {
        const { address, pid } = one.server;
        const before = cpuMicros(pid);
        const options = pollsOf(address, one.readers, answers);
        const { answered, failed, ms, p99, ownMicros } = await load.run('closedLoop', options);
        const micros = (cpuMicros(pid) - before) / answered;
        if (failed > 0) throw new Error(`${one.name}: ${failed} of ${answered} answers were not 200`);
        return { micros, perSecond: (answered / ms) * 1000, p99, ownMicros };
      },
      progress,
    );
  });
  const onPostgres = contestants.find(({ name }) => name === ON_POSTGRES);
  /* A few of each user: all of them come within a second, for which the limit is ten. */
  const queries = await queriesAPoll(onPostgres, quick ? 1 : 3, 2 * USERS, progress);
  return {
    users: USERS,
    rooms: ROOMS,
    connections: CONNECTIONS,
    answers,
    contestants: contestants.map(({ name }) => {
      const { micros, perSecond, p99, ownMicros } = series[name];
      return {
        name,
        micros: middle(micros),
        ofYardstick: ratios(series[YARDSTICK].micros, micros, middle),
        goal: GOALS[name] ?? null,
        perSecond: middle(perSecond),
        p99: middle(p99),
        loadMicros: middle(ownMicros),
        queries: name === ON_POSTGRES ? queries : null,
      };
    }),
  };
};

export const tables = ({ contestants }) => [
  {
    id: 'idle',
    title:
      'CPU that an idle poll costs, and what Koa + router takes for the same bytes divided by it: ' +
      '1 is as cheap as Koa + router, more is cheaper; in brackets the middle half of the rounds',
    columns: [
      'server',
      'CPU µs an answer',
      'Koa + router ÷ this',
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
      queries === null ? '–' : figures(queries.median),
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
