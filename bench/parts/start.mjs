import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { summary } from '../report/statistics.mjs';
import { spread } from '../report/table.mjs';
import { pinned, SERVER_CORE } from '../run/cores.mjs';
import { newSqlite } from '../run/parlour.mjs';
import { root } from '../run/processes.mjs';
import { inRounds } from '../run/rounds.mjs';
import { seed } from '../run/seed.mjs';

export const title = 'Starting and building';

const MAIN = [process.execPath, 'dist/server/main.js'];

/** Seconds from the command to the line that says the address; the server is ended then. */
const untilListening = async (command, STORAGE) => {
  const [program, ...given] = pinned(SERVER_CORE, command);
  const begun = performance.now();
  const child = spawn(program, given, {
    cwd: root,
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'warn', STORAGE },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const seconds = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('http://')) resolve((performance.now() - begun) / 1000);
    });
    child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}`)));
  });
  const ended = once(child, 'exit');
  /* npm passes no signal on to what it runs: the group has both. */
  process.kill(-child.pid, 'SIGTERM');
  await ended;
  return seconds;
};

/** Seconds that a command takes, on both cores, as whoever builds has them. */
const untilDone = async (command) => {
  const [program, ...given] = command;
  const begun = performance.now();
  const child = spawn(program, given, { cwd: root, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return (performance.now() - begun) / 1000;
};

/** From the command to listening on a file that is in use for long, and from sources to what runs. */
export const measure = async ({ quick, progress }) => {
  const storage = newSqlite();
  await seed(storage, { users: 1000, rooms: 100, posts: 10_000 });
  progress('a file with 1,000 users, 100 rooms and 10,000 posts is there');
  const rounds = (count) => (quick ? 2 : count);
  const started = (name, command, STORAGE, goal) => ({
    name,
    goal,
    measure: () => untilListening(command, STORAGE),
  });
  const starts = [
    started('node dist/server/main.js, SQLite', MAIN, storage, 0.5),
    started('node dist/server/main.js, memory', MAIN, 'memory:', null),
    started('npm start, SQLite', ['npm', 'start'], storage, null),
    { name: 'node that does nothing', goal: null, measure: () => untilDone([process.execPath, '-e', '0']) },
  ];
  const builds = [{ name: 'npm run build', goal: 10, measure: () => untilDone(['npm', 'run', 'build']) }];
  const measureOne = async (one) => ({ seconds: await one.measure() });
  const series = {
    ...(await inRounds(rounds(15), starts, measureOne, progress)),
    ...(await inRounds(rounds(7), builds, measureOne, progress)),
  };
  return {
    measured: [...starts, ...builds].map(({ name, goal }) => {
      return { name, goal, seconds: summary(series[name].seconds) };
    }),
  };
};

export const tables = ({ measured }) => [
  {
    id: 'start',
    title: 'Seconds from the command to listening, and to what was built',
    columns: ['command', 'seconds', 'goal'],
    rows: measured.map(({ name, seconds, goal }) => [
      name,
      spread(seconds),
      goal === null ? '–' : `≤ ${goal}`,
    ]),
  },
];

export const charts = () => [];
