import { getRequest, updatesPath } from '../load/requests.mjs';
import { ratios, summary } from '../report/statistics.mjs';
import { spread } from '../report/table.mjs';
import { holdsPolls } from '../run/holding.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { serve, startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { sampleOf } from '../run/sample.mjs';
import { catchUp, settle } from '../run/settle.mjs';
import { inSilence, together } from '../run/together.mjs';

export const title = 'A quicker ear: held polls';

const MEMBERS = 1000;
const POSTS_PER_SECOND = 1;
const EVERY_MS = 1000;
const WAIT_SECONDS = 20;
const DELIVERED_P99_MS = 50;
const POLLED = 'Parlour, polled once a second';
const HELD = `Parlour, held for up to ${WAIT_SECONDS} s`;
const HELD_AT_RANDOM = 'Parlour, held, posts at random moments';
const NODE = 'node:http, held';

const held = { speaks: 'http', waitSeconds: WAIT_SECONDS };
const WAIT_MS = String(WAIT_SECONDS * 1000);
const settings = { POLL_WAIT_MS: WAIT_MS };
const CONTESTANTS = [
  { name: POLLED, how: { speaks: 'http', everyMs: EVERY_MS }, settings: {} },
  { name: HELD, how: { ...held, evenly: true }, settings },
  { name: HELD_AT_RANDOM, how: held, settings },
];
/** What holding and telling takes by itself: they know nobody, and keep nothing. */
const YARDSTICKS = [
  { name: 'Koa + router, held', file: 'bench/yardsticks/koa-held.mjs' },
  { name: NODE, file: 'bench/yardsticks/node-held.mjs' },
];

const start = async ({ name, how, settings }, running) => {
  const server = await serveParlour(newSqlite(), settings);
  running.push(server);
  const readers = await settle(server.address, { users: MEMBERS, rooms: 1 });
  if (how.waitSeconds !== undefined && !(await holdsPolls(server.address, readers[0]))) {
    throw new Error('the server holds no polls');
  }
  return { name, how, server, readers };
};

/** Answers as Parlour does that holds polls, to as many who ask the same. */
const startYardstick = async ({ name, file }, { how, server, readers }, running) => {
  const [reader] = readers;
  const { host } = new URL(server.address);
  const question = getRequest(host, updatesPath(reader), reader.cookie, 'Prefer: wait=1\r\n');
  const { HEADERS } = await sampleOf(server.address, question);
  const yardstick = await serve(file, { HEADERS, WAIT_MS, LAST: String(reader.after) });
  running.push(yardstick);
  return { name, how, server: yardstick, readers: readers.map((one) => ({ ...one })) };
};

/** A thousand in one room, who poll once a second, or whose polls are held until there is something to say. */
export const measure = async ({ quick, progress }) => {
  const rounds = quick ? 1 : 7;
  const talk = { postsPerSecond: POSTS_PER_SECOND, warmSeconds: 2, seconds: quick ? 3 : 6 };
  const silence = { rounds: quick ? 1 : 3, seconds: quick ? 5 : WAIT_SECONDS };
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const contestants = [];
    for (const one of CONTESTANTS) contestants.push(await start(one, running));
    const parlour = contestants.find(({ name }) => name === HELD);
    for (const one of YARDSTICKS) contestants.push(await startYardstick(one, parlour, running));
    const measureOne = async (one) => {
      const measured = await together(load, one, talk);
      one.readers = await catchUp(one.server.address, one.readers);
      return measured;
    };
    const series = await inRounds(rounds, contestants, measureOne, progress);
    const silent = [];
    for (let round = 1; round <= silence.rounds; round += 1) {
      silent.push(await inSilence(contestants, silence.seconds));
      progress(`silence ${round} of ${silence.rounds}`);
    }
    return {
      members: MEMBERS,
      postsPerSecond: POSTS_PER_SECOND,
      ofPolled: ratios(series[HELD].micros, series[POLLED].micros),
      contestants: contestants.map(({ name }) => ({
        name,
        p50: summary(series[name].p50),
        p99: summary(series[name].p99),
        p99OfNode: ratios(series[name].p99, series[NODE].p99),
        asked: summary(series[name].asked),
        talking: summary(series[name].micros),
        askedInSilence: summary(silent.map((round) => round[name].asked)),
        quiet: summary(silent.map((round) => round[name].micros)),
      })),
    };
  });
};

export const tables = ({ members, postsPerSecond, contestants }) => [
  {
    id: 'wait',
    title:
      `${members.toLocaleString('en-GB')} members of one room, ${postsPerSecond} post a second: milliseconds from posting to reading ` +
      `(goal when held: p99 ≤ ${DELIVERED_P99_MS}), requests and CPU µs a member and second`,
    columns: [
      'server',
      'read after, p50',
      'p99',
      'p99 ÷ that of node:http',
      'requests, talk',
      'CPU, talk',
      'requests, silence',
      'CPU, silence',
    ],
    rows: contestants.map(({ name, p50, p99, p99OfNode, asked, talking, askedInSilence, quiet }) => [
      name,
      ...[p50, p99, p99OfNode, asked, talking, askedInSilence, quiet].map(spread),
    ]),
  },
];

export const charts = ({ contestants }) => [
  {
    id: 'wait',
    kind: 'bars',
    title: 'From posting to reading, at the 99th percentile of a thousand members',
    unit: 'ms',
    bars: contestants.map(({ name, p99 }) => ({ name, ...p99 })),
  },
];
