import { median, ratios, summary } from '../report/statistics.mjs';
import { spread } from '../report/table.mjs';
import { startLoad } from '../run/processes.mjs';
import { inRounds, whileRunning } from '../run/rounds.mjs';
import { costOf, putThere, readOn, startAll } from '../run/sizes.mjs';

export const title = 'Growth';

/** So often are all servers started anew: one that has luck with its memory, or has none, keeps it until it ends. */
const STARTS = 5;
/** Each time, many and short: what disturbs this machine comes and goes within a second, and must not decide a ratio. */
const ROUNDS = 11;
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
    name: 'askers',
    along: 'users who ask, of ten thousand',
    sizes: [10, 100, 1000, 10_000],
    of: () => ({ users: 10_000, rooms: 1000 }),
    /* One server is asked by some and by others, so that luck with its memory has no part in it. */
    oneServer: true,
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

/** Starts the servers of all sizes, and measures them. @returns of each contestant, by name, what a poll and a post cost */
const measureOnce = async (dimension, contestants, { rounds, ...counts }) => {
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const started = await startAll(dimension, contestants, running);
    const { ofRounds = 1 } = dimension;
    const costsOf = (kind, contestants) => {
      const measureOne = async (one) => ({ micros: await costOf(load, one, kind, counts[kind]) });
      const [counted, warming] = [rounds, WARMING].map((count) => Math.ceil(count * ofRounds));
      return inRounds(counted, contestants, measureOne, () => {}, warming);
    };
    const post = await costsOf('posts', started);
    /* What the posts brought is read before idle polls are measured. */
    const poll = await costsOf('polls', await readOn(dimension, started));
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
    measured.push(await measureOnce(dimension, contestants, how));
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
  return { starts: counts.starts, polls: counts.polls, posts: counts.posts, dimensions };
};

export const tables = ({ starts, dimensions }) => [
  {
    id: 'growth',
    title:
      `CPU µs that a poll and a post cost as things grow, at the median of ${starts} starts, and the lowest and the highest; ` +
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
