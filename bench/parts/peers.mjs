import { summary } from '../report/statistics.mjs';
import { figures, spread } from '../report/table.mjs';
import { cpuMicros } from '../run/cpu.mjs';
import { holdsPolls } from '../run/holding.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { PEERS } from '../run/peers.mjs';
import { startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { catchUp, settle } from '../run/settle.mjs';
import { inSilence, together } from '../run/together.mjs';

export const title = 'Beside others';

const USERS = 500;
const ROOMS = 10;
const POSTS_PER_SECOND = 10;
const CONNECTIONS = 50;
const EVERY_MS = 1000;
/**
 * As often as socket.io asks whether its users are still there. Polls are held for as long, and silence is measured for as
 * long, so that everybody is heard of once in it, whoever it is.
 */
const SILENT_SECONDS = 25;

/** Who is compared: where it is started, and how its users reach it. */
const CONTESTANTS = [
  {
    name: 'Parlour, SQLite, polled once a second',
    start: () => serveParlour(newSqlite()),
    how: { speaks: 'http', everyMs: EVERY_MS },
  },
  {
    name: 'Parlour, SQLite, held polls',
    start: () => serveParlour(newSqlite(), { POLL_WAIT_MS: String(SILENT_SECONDS * 1000) }),
    how: { speaks: 'http', waitSeconds: SILENT_SECONDS },
    mustHold: true,
  },
  {
    name: 'Flask under gunicorn, in memory, polled once a second',
    start: PEERS['Flask under gunicorn'],
    how: { speaks: 'http', everyMs: EVERY_MS },
  },
  {
    name: 'Tornado, in memory, long polling',
    start: PEERS.Tornado,
    how: { speaks: 'http', waitSeconds: SILENT_SECONDS },
  },
  {
    name: 'socket.io, in memory, WebSocket',
    start: PEERS['socket.io'],
    how: { speaks: 'socketio', transport: 'websocket' },
    isSilent: true,
  },
  {
    name: 'socket.io, in memory, long polling',
    start: PEERS['socket.io'],
    how: { speaks: 'socketio', transport: 'polling' },
    isSilent: true,
  },
];

/** CPU microseconds of an idle poll that is answered at once. */
const pollCost = async (load, { server, readers }, answers) => {
  const before = cpuMicros(server.pid);
  const addresses = [server.address];
  const options = { addresses, kind: 'polls', connections: CONNECTIONS, answers, readers };
  const { answered, failed } = await load.run('closedLoop', options);
  if (failed > 0) throw new Error(`${failed} of ${answered} polls were not answered as wanted`);
  return (cpuMicros(server.pid) - before) / answered;
};

/** All that can be started on this machine, with the users in their rooms. */
const start = async (running, progress) => {
  const contestants = [];
  const leftOut = [];
  for (const one of CONTESTANTS) {
    const server = await one.start();
    if (server === null) {
      leftOut.push(one.name);
      progress(`LEFT OUT: ${one.name}: this machine has not what it is made of`);
      continue;
    }
    running.push(server);
    const readers = await settle(server.address, { users: USERS, rooms: ROOMS });
    if (one.mustHold && !(await holdsPolls(server.address, readers[0]))) {
      leftOut.push(one.name);
      progress(`LEFT OUT: ${one.name}: it does not hold polls`);
      continue;
    }
    contestants.push({ ...one, server, readers });
    progress(`${one.name}: ${USERS} users are in ${ROOMS} rooms`);
  }
  return { contestants, leftOut };
};

/** The same people, rooms and posts for each: what a server has to do for a user, and when the user reads. */
export const measure = async ({ quick, progress }) => {
  const rounds = quick ? 1 : 7;
  const answers = quick ? 500 : 2000;
  const silence = { rounds: quick ? 1 : 3, seconds: quick ? 5 : SILENT_SECONDS };
  const talk = { postsPerSecond: POSTS_PER_SECOND, warmSeconds: 1, seconds: quick ? 3 : 4 };
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const { contestants, leftOut } = await start(running, progress);
    const measureOne = async (one) => {
      const poll = one.isSilent ? NaN : await pollCost(load, one, answers);
      const { micros, p50, p99 } = await together(load, one, talk);
      one.readers = await catchUp(one.server.address, one.readers);
      return { poll, talking: micros, p50, p99 };
    };
    const series = await inRounds(rounds, contestants, measureOne, progress);
    const silent = [];
    for (let round = 1; round <= silence.rounds; round += 1) {
      silent.push(await inSilence(contestants, silence.seconds));
      progress(`silence ${round} of ${silence.rounds}`);
    }
    return {
      users: USERS,
      rooms: ROOMS,
      postsPerSecond: POSTS_PER_SECOND,
      leftOut,
      contestants: contestants.map(({ name, isSilent }) => ({
        name,
        poll: isSilent ? null : summary(series[name].poll),
        quiet: summary(silent.map((round) => round[name].micros)),
        talking: summary(series[name].talking),
        p50: summary(series[name].p50),
        p99: summary(series[name].p99),
      })),
    };
  });
};

export const tables = ({ users, rooms, postsPerSecond, contestants, leftOut }) => [
  {
    id: 'peers',
    title:
      `${users} users in ${rooms} rooms, ${postsPerSecond} posts a second: CPU µs, and milliseconds from posting to reading` +
      (leftOut.length > 0 ? `; left out: ${leftOut.join('; ')}` : ''),
    columns: [
      'server',
      'an idle poll',
      'a user and second, silence',
      'a user and second, talk',
      'read after, p50',
      'p99',
    ],
    rows: contestants.map(({ name, poll, quiet, talking, p50, p99 }) => [
      name,
      poll === null ? '–' : spread(poll),
      spread(quiet),
      spread(talking),
      figures(p50.median),
      figures(p99.median),
    ]),
  },
];

export const charts = ({ contestants }) => [
  {
    id: 'peers',
    kind: 'bars',
    title: 'CPU that a user takes in a second while people talk',
    unit: 'µs',
    bars: contestants.map(({ name, talking }) => ({ name, ...talking })),
  },
];
