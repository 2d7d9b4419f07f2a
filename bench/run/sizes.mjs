import { newSqlite, serveParlour } from './parlour.mjs';
import { newPostgres } from './postgres.mjs';
import { cpuMicros } from './cpu.mjs';
import { seed } from './seed.mjs';
import { catchUp } from './settle.mjs';

const CONNECTIONS = 12;

/** Puts there what a size needs. The smallest stands there twice, to show by how much the same differs from itself. */
export const putThere = async ({ name, sizes, of, shared, oneServer }, largest, progress) => {
  const fitting = sizes.filter((one) => one <= largest);
  const contestants = [];
  for (const [at, size] of [...fitting, fitting[0]].entries()) {
    const again = at === fitting.length;
    const contestant = { name: again ? `${size} again` : String(size), size, again, turn: 0 };
    if (!oneServer || at === 0) {
      contestant.storage = shared ? await newPostgres() : newSqlite();
      contestant.seeded = await seed(contestant.storage, of(size));
    }
    contestants.push(contestant);
    progress(`${name}: ${contestant.name} are there`);
  }
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
  const [first] = servers;
  let readers = seeded;
  /* Everybody is seen by every instance once, so that the list of those online is the same wherever one asks. */
  for (const { address } of shared ? [...servers, first] : servers) readers = await catchUp(address, readers);
  return { ...one, servers, readers: readers.slice(0, asking), shared, everyMs };
};

export const startAll = async (dimension, contestants, running) => {
  const [first, ...others] = contestants;
  const started = [await start(dimension, first, running)];
  for (const one of others) {
    started.push(dimension.oneServer ? { ...started[0], ...one } : await start(dimension, one, running));
  }
  return dimension.oneServer ? someOf(started[0].readers, started) : started;
};

/** Of one server's users, each is asked for by the first so many. */
const someOf = (readers, started) => started.map((one) => ({ ...one, readers: readers.slice(0, one.size) }));

/** Reads what was posted. */
export const readOn = async ({ oneServer }, started) => {
  const catchUpOf = ({ servers, readers }) => catchUp(servers[0].address, readers);
  if (oneServer) {
    const largest = started.reduce((most, one) => (one.size > most.size ? one : most));
    return someOf(await catchUpOf(largest), started);
  }
  const current = [];
  for (const one of started) current.push({ ...one, readers: await catchUpOf(one) });
  return current;
};

/** The next so many readers in turn: whoever was asked last is the last to be asked again. */
const nextOf = (one, count) => {
  const from = one.turn % one.readers.length;
  one.turn += count;
  return [...one.readers, ...one.readers].slice(from, from + Math.min(count, one.readers.length));
};

/** CPU microseconds, of all instances together, for each of so many polls or posts an instance. */
export const costOf = async (load, one, kind, count) => {
  const { servers, shared, everyMs } = one;
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
    /* PostgreSQL needs this core, too. */
    awake: !shared,
  });
  if (failed > 0) throw new Error(`${failed} of ${answered} ${kind} were not answered as wanted`);
  return (used() - before) / answered;
};
