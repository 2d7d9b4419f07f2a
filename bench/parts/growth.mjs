import { median, ratios, summary } from '../report/statistics.mjs';
import { spread } from '../report/table.mjs';
import { cpuMicros } from '../run/cpu.mjs';
import { newSqlite, serveParlour } from '../run/parlour.mjs';
import { newPostgres } from '../run/postgres.mjs';
import { startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { seed } from '../run/seed.mjs';
import { catchUp } from '../run/settle.mjs';

export const title = 'Growth';

const CONNECTIONS = 12;
/** So often are all servers started anew: one that has luck with its memory, or has none, keeps it until it ends. */
const STARTS = 7;
/** Each time, many and short: what disturbs this machine comes and goes within a second, and must not decide a ratio. */
const ROUNDS = 15;
/** So many come first each time, until V8 has compiled what is used. */
const WARMING = 6;
/** Most that the cost may differ from that of the smallest. */
const GOAL = 0.1;

/** What grows, and what there is at each size; all else stays as small as it can. */
const DIMENSIONS = [
  {
    name: 'users',
    along: 'users, in rooms of ten',
    sizes: [10, 100, 1000, 10_000],
    of: (size) => ({ users: size, rooms: size / 10 }),
  },
  {
    name: 'bystanders',
    along: 'users who are there, of whom ten ask',
    sizes: [10, 10_000],
    of: (size) => ({ users: size, rooms: size / 10 }),
    asking: 10,
  },
  {
    name: 'rooms',
    along: 'rooms, of one user each',
    sizes: [1, 100, 10_000],
    of: (size) => ({ users: size, rooms: size }),
  },
  {
    name: 'posts',
    along: 'posts in the room so far',
    sizes: [10, 1000, 100_000, 1_000_000],
    of: (size) => ({ users: 10, rooms: 1, posts: size }),
  },
  {
    name: 'members',
    along: 'members of the room',
    sizes: [2, 10, 100, 1000],
    of: (size) => ({ users: size, rooms: 1 }),
  },
  {
    name: 'instances',
    along: 'instances on one PostgreSQL',
    sizes: [1, 2, 4],
    of: () => ({ users: 100, rooms: 10 }),
    shared: true,
    /* As many a second of each instance, however many share this core: fewer would share fewer of their reads. */
    everyMs: { polls: 30, posts: 120 },
    /* Which makes a round as long as several of the others. */
    ofRounds: 0.25,
  },
];

/** Puts there what a size needs. The smallest stands there twice, to show by how much the same differs from itself. */
const putThere = async ({ name, sizes, of, shared }, largest, progress) => {
  const [smallest] = sizes;
  const put = async (size, again) => {
    const storage = shared ? await newPostgres() : newSqlite();
    const seeded = await seed(storage, of(size));
    progress(`${name}: ${size} are there`);
    return { name: again ? `${size} again` : String(size), size, again, storage, seeded, turn: 0 };
  };
  const contestants = [];
  for (const size of sizes.filter((one) => one <= largest)) contestants.push(await put(size, false));
  contestants.push(await put(smallest, true));
  return contestants;
};

const start = async ({ shared, everyMs, asking }, one, running) => {
  const { size, storage, seeded } = one;
  const servers = [];
  for (let instance = 0; instance < (shared ? size : 1); instance += 1) {
    const server = await serveParlour(storage);
    servers.push(server);
    running.push(server);
  }
  /* Everybody is seen by every instance once, so that the list of those online is the same wherever one asks. */
  for (const { address } of servers) await catchUp(address, seeded);
  const readers = (await catchUp(servers[0].address, seeded)).slice(0, asking);
  return { ...one, servers, readers, everyMs };
};

/** The next so many readers in turn: whoever was asked last is the last to be asked again. */
const nextOf = (one, count) => {
  const from = one.turn % one.readers.length;
  one.turn += count;
  return [...one.readers, ...one.readers].slice(from, from + Math.min(count, one.readers.length));
};

/** CPU microseconds, of all instances together, for each of so many polls or posts an instance. */
const costOf = async (load, one, kind, count) => {
  const { servers, everyMs } = one;
  const used = () => servers.reduce((sum, { pid }) => sum + cpuMicros(pid), 0);
  const answers = count * servers.length;
  const before = used();
  const { answered, failed } = await load.run('closedLoop', {
    addresses: servers.map(({ address }) => address),
    kind,
    connections: CONNECTIONS * servers.length,
    answers,
    readers: nextOf(one, answers),
    everyMs: everyMs?.[kind],
  });
  if (failed > 0) throw new Error(`${failed} of ${answered} ${kind} were not answered as wanted`);
  return (used() - before) / answered;
};

/** Starts the servers of all sizes, and measures them. @returns of each contestant, by name, what a poll and a post cost */
const measureOnce = async (dimension, contestants, { rounds, progress, ...counts }) => {
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const started = [];
    for (const one of contestants) started.push(await start(dimension, one, running));
    const { ofRounds = 1 } = dimension;
    const costsOf = (kind) => {
      const measureOne = async (one) => ({ micros: await costOf(load, one, kind, counts[kind]) });
      const told = (what) => progress(`${kind}, ${what}`);
      return inRounds(Math.ceil(rounds * ofRounds), started, measureOne, told, Math.ceil(WARMING * ofRounds));
    };
    const post = await costsOf('posts');
    /* What the posts brought is read before idle polls are measured. */
    for (const one of started) one.readers = await catchUp(one.servers[0].address, one.readers);
    const poll = await costsOf('polls');
    const [smallest] = started;
    return Object.fromEntries(
      started.map(({ name }) => {
        const of = (series) => ({
          cost: median(series[name].micros),
          ofSmallest: ratios(series[name].micros, series[smallest.name].micros).median,
        });
        return [name, { poll: of(poll), post: of(post) }];
      }),
    );
  });
};

const measureDimension = async (dimension, { starts, largest, progress, ...how }) => {
  const { name, along } = dimension;
  const contestants = await putThere(dimension, largest, progress);
  const measured = [];
  for (let time = 1; time <= starts; time += 1) {
    measured.push(await measureOnce(dimension, contestants, { ...how, progress: () => {} }));
    progress(`${name}: start ${time} of ${starts}`);
  }
  const over = (one, kind, what) => summary(measured.map((once) => once[one.name][kind][what]));
  return {
    name,
    along,
    sizes: contestants.map((one) => ({
      size: one.size,
      again: one.again,
      poll: over(one, 'poll', 'cost'),
      pollOfSmallest: over(one, 'poll', 'ofSmallest'),
      post: over(one, 'post', 'cost'),
      postOfSmallest: over(one, 'post', 'ofSmallest'),
    })),
  };
};

/** The cost of a poll and of a post as everything grows, all sizes up at once and taking turns. */
export const measure = async ({ quick, progress }) => {
  const counts = quick
    ? { starts: 1, rounds: 5, polls: 1000, posts: 100, largest: 10_000 }
    : { starts: STARTS, rounds: ROUNDS, polls: 1000, posts: 100, largest: Infinity };
  const dimensions = [];
  for (const dimension of DIMENSIONS) {
    dimensions.push(await measureDimension(dimension, { ...counts, progress }));
  }
  return { polls: counts.polls, posts: counts.posts, dimensions };
};

export const tables = ({ dimensions }) => [
  {
    id: 'growth',
    title:
      `CPU µs that a poll and a post cost as things grow, at the median of ${STARTS} starts, and the lowest and the highest; ` +
      `goal: within ${GOAL * 100} % of the smallest`,
    columns: ['what grows', 'to', 'a poll', 'a poll ÷ the smallest’s', 'a post', 'a post ÷ the smallest’s'],
    rows: dimensions.flatMap(({ along, sizes }) =>
      sizes.map(({ size, again, poll, pollOfSmallest, post, postOfSmallest }) => [
        along,
        `${size.toLocaleString('en-GB')}${again ? ', once more' : ''}`,
        spread(poll),
        spread(pollOfSmallest),
        spread(post),
        spread(postOfSmallest),
      ]),
    ),
  },
];

export const charts = ({ dimensions }) =>
  dimensions.map(({ name, along, sizes }) => ({
    id: `growth-${name}`,
    kind: 'lines',
    title: `What a poll and a post cost, by ${along}`,
    unit: 'CPU µs',
    along,
    logarithmic: true,
    series: ['poll', 'post'].map((what) => ({
      name: `a ${what}`,
      points: sizes.filter(({ again }) => !again).map((one) => ({ x: one.size, ...one[what] })),
    })),
  }));
