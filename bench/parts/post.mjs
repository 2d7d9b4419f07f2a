import { jsonRequest, messagesPath } from '../load/requests.mjs';
import { ratios, summary } from '../report/statistics.mjs';
import { figures, spread } from '../report/table.mjs';
import { cpuMicros } from '../run/cpu.mjs';
import { newSqlite, scratch, serveParlour } from '../run/parlour.mjs';
import { newPostgres } from '../run/postgres.mjs';
import { serve, startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { sampleOf } from '../run/sample.mjs';
import { settle } from '../run/settle.mjs';

export const title = 'Posting';

const AT_ONCE = 50;
const HTTP = 'Koa + router + body parser, storing nothing';
const GOAL_OF_CEILING = 1;
const GOAL_OF_COMMIT = 1.5;
/** How the posts come: from how many at once, into how many rooms. */
const SHAPES = {
  'one room': { connections: AT_ONCE, rooms: 1 },
  'fifty rooms': { connections: AT_ONCE, rooms: 50 },
  alone: { connections: 1, rooms: 1 },
};

/** The members of the first room stand first, so that a lone poster, and fifty in one room, are there too. */
const settled = async (server) => {
  const inOne = await settle(server.address, { users: 2 * AT_ONCE, rooms: 50, roomOf });
  return {
    'one room': inOne.slice(0, AT_ONCE),
    'fifty rooms': inOne.slice(AT_ONCE),
    alone: inOne.slice(0, 1),
  };
};
const roomOf = (user) => (user < AT_ONCE ? 0 : user - AT_ONCE);

const parlour = async (name, storage) => {
  const server = await serveParlour(storage);
  return { name, server, readers: await settled(server) };
};

/** What HTTP itself takes: a Koa that is posted the same by the same users, and answers what Parlour does. */
const nothingStored = async ({ server: { address }, readers }) => {
  const [reader] = readers.alone;
  const body = { clientMessageId: 'a-sample-for-Koa', text: 'Shall we?' };
  const question = jsonRequest('POST', new URL(address).host, messagesPath(reader), reader.cookie, body);
  const sample = await sampleOf(address, question);
  return { name: HTTP, server: await serve('bench/yardsticks/koa-posts.mjs', sample), readers };
};

/** What is measured of a server of Parlour's: a round of posts of one shape. */
const posting =
  (load, counts) =>
  async ({ server, readers, shape }) => {
    const { connections } = SHAPES[shape];
    const answers = counts[shape];
    const before = cpuMicros(server.pid);
    const addresses = [server.address];
    const options = { addresses, kind: 'posts', connections, answers, readers: readers[shape] };
    const { answered, failed, ms, p50, p99 } = await load.run('closedLoop', options);
    if (failed > 0) throw new Error(`${failed} of ${answered} posts were not stored`);
    const micros = (cpuMicros(server.pid) - before) / answered;
    return { perSecond: (answered / ms) * 1000, p50, p99, micros };
  };

/** What is measured of an engine alone: as many commits, from as many at once. */
const committing =
  (counts) =>
  async ({ server, shape }) => {
    const count = counts[shape];
    const { connections } = SHAPES[shape];
    const { ms, p50 } = await (await fetch(`${server.address}/${count}/${connections}`)).json();
    return { perSecond: (count / ms) * 1000, p50 };
  };

/** As many commits a second as three thousand users post, and ten thousand. */
const PACED = [30, 100];

/** Milliseconds that SQLite itself takes to commit a row, so many times a second, while nothing else is asked of the machine. */
const pacedCommits = async ({ address }, seconds, progress) => {
  const paced = [];
  for (const perSecond of PACED) {
    const answer = await fetch(`${address}/${perSecond * seconds}?everyMs=${1000 / perSecond}`);
    paced.push({ perSecond, seconds, ...(await answer.json()) });
    progress(`${perSecond} commits a second`);
  }
  return paced;
};

/** Durable posts a second, and how long a lone one takes, beside what the engine itself can in the same rounds. */
export const measure = async ({ quick, progress }) => {
  const rounds = quick ? 3 : 9;
  const counts = quick
    ? { 'one room': 400, 'fifty rooms': 400, alone: 50 }
    : { 'one room': 3000, 'fifty rooms': 3000, alone: 300 };
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const started = async (making) => {
      const made = await making;
      running.push(made.server ?? made);
      return made;
    };
    const parlours = [];
    for (const [engine, storage] of [
      ['memory', 'memory:'],
      ['SQLite', newSqlite()],
      ['PostgreSQL', await newPostgres()],
    ]) {
      parlours.push(await started(parlour(engine, storage)));
      progress(`${engine}: users are in their rooms`);
    }
    parlours.push(await started(nothingStored(parlours[0])));
    const ceilings = {
      SQLite: await started(serve('bench/ceilings/sqlite.mjs', { FOLDER: scratch() })),
      PostgreSQL: await started(serve('bench/ceilings/postgres.mjs', { ADDRESS: await newPostgres() })),
    };
    const contestants = Object.keys(SHAPES).flatMap((shape) =>
      parlours.flatMap((one) => {
        const ours = { ...one, name: `${one.name}, ${shape}`, shape, measure: posting(load, counts) };
        const server = ceilings[one.name];
        if (server === undefined) return [ours];
        return [ours, { name: `ceiling of ${ours.name}`, server, shape, measure: committing(counts) }];
      }),
    );
    const series = await inRounds(rounds, contestants, (one) => one.measure(one), progress);
    return {
      atOnce: AT_ONCE,
      posts: counts,
      paced: await pacedCommits(ceilings.SQLite, quick ? 5 : 60, progress),
      measured: Object.keys(SHAPES).flatMap((shape) =>
        parlours.map(({ name: engine }) => {
          const ours = series[`${engine}, ${shape}`];
          const ceiling = series[`ceiling of ${engine}, ${shape}`];
          const http = series[`${HTTP}, ${shape}`];
          const beyondHttp = ours.p50.map((ms, round) => ms - http.p50[round]);
          const atLeast = ceiling?.p50.map((ms, round) => ms + http.p50[round]);
          return {
            engine,
            shape,
            perSecond: summary(ours.perSecond),
            p50: summary(ours.p50),
            p99: summary(ours.p99),
            micros: summary(ours.micros),
            ceilingPerSecond: ceiling ? summary(ceiling.perSecond) : null,
            commitMs: ceiling ? summary(ceiling.p50) : null,
            ofCeiling: ceiling ? ratios(ours.perSecond, ceiling.perSecond) : null,
            ofCommit: ceiling ? ratios(ours.p50, ceiling.p50) : null,
            leastOfCommit: ceiling ? ratios(atLeast, ceiling.p50) : null,
            beyondHttpOfCommit: ceiling ? ratios(beyondHttp, ceiling.p50) : null,
          };
        }),
      ),
    };
  });
};

const orNone = (value, write) => (value === null ? '–' : write(value));

export const tables = ({ atOnce, measured, paced }) => [
  {
    id: 'post-many',
    title: `Durable posts a second with ${atOnce} posting at once, and what the engine itself can: commits of one row`,
    columns: [
      'engine, rooms',
      'posts a second',
      'commits a second',
      'posts ÷ commits',
      'goal',
      'p99 ms',
      'CPU µs a post',
    ],
    rows: measured
      .filter(({ shape }) => shape !== 'alone')
      .map(({ engine, shape, perSecond, ceilingPerSecond, ofCeiling, p99, micros }) => [
        `${engine}, ${shape}`,
        spread(perSecond),
        orNone(ceilingPerSecond, spread),
        orNone(ofCeiling, spread),
        ofCeiling === null ? '–' : `≥ ${GOAL_OF_CEILING}`,
        figures(p99.median),
        figures(micros.median),
      ]),
  },
  {
    id: 'post-alone',
    title: 'A post that is alone, and one commit',
    columns: [
      'engine',
      'a post, ms',
      'a commit, ms',
      'post ÷ commit',
      'goal',
      'HTTP and one commit ÷ commit',
      'post without HTTP ÷ commit',
      'CPU µs a post',
    ],
    rows: measured
      .filter(({ shape }) => shape === 'alone')
      .map(({ engine, p50, commitMs, ofCommit, leastOfCommit, beyondHttpOfCommit, micros }) => [
        engine,
        spread(p50),
        orNone(commitMs, spread),
        orNone(ofCommit, spread),
        ofCommit === null ? '–' : `≤ ${GOAL_OF_COMMIT}`,
        orNone(leastOfCommit, spread),
        orNone(beyondHttpOfCommit, spread),
        figures(micros.median),
      ]),
  },
  {
    id: 'post-paced',
    title:
      'What a post on SQLite waits for: its commit of one row, on this disk, while nothing else is asked of the machine',
    columns: ['commits a second', 'for, s', 'a commit, p50, ms', 'p99', 'the longest'],
    rows: paced.map(({ perSecond, seconds, p50, p99, max }) => [
      perSecond,
      seconds,
      figures(p50),
      figures(p99),
      figures(max),
    ]),
  },
];

export const charts = ({ atOnce, measured }) => [
  {
    id: 'post',
    kind: 'bars',
    title: `Durable posts a second, ${atOnce} posting at once, and the engine’s own single-row commits`,
    unit: 'a second',
    bars: measured
      .filter(({ shape }) => shape !== 'alone')
      .flatMap(({ engine, shape, perSecond, ceilingPerSecond }) => [
        { name: `Parlour, ${engine}, ${shape}`, ...perSecond },
        ...(ceilingPerSecond === null ? [] : [{ name: `${engine} alone`, ...ceilingPerSecond }]),
      ]),
  },
];
