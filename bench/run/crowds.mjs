import { median } from '../report/statistics.mjs';
import { newSqlite, serveParlour } from './parlour.mjs';
import { serve, startLoad } from './processes.mjs';
import { whileRunning } from './rounds.mjs';
import { pollSampleOf } from './sample.mjs';
import { settle } from './settle.mjs';
import { watch } from './watch.mjs';

const EVERY_MS = 1000;
const WARM_SECONDS = 20;
/** Of Parlour the settings are its own: whoever is quiet goes offline, and nobody may ask or post too often. */
const AS_IT_RUNS = { ONLINE_TTL_MS: '', RATE_LIMITS: '' };

const scale = (users) => ({ users, rooms: Math.ceil(users / 50), postsPerSecond: users / 100 });

/** What the generator itself can: as many polls a second of a server that does next to nothing. */
const ownLimit = async (readers) => {
  const load = startLoad();
  const running = [load];
  return whileRunning(running, async () => {
    const body = JSON.stringify({ success: true, message: 'UP TO DATE', last: 0, entries: [] });
    const server = await serve('bench/yardsticks/node-http.mjs', { BODY: body, HEADERS: '{}' });
    running.push(server);
    const options = { addresses: [server.address], kind: 'polls', connections: 50, answers: 50_000, readers };
    const { answered, ms, ownMicros } = await load.run('closedLoop', options);
    return { perSecond: (answered / ms) * 1000, ownMicros };
  });
};

/**
 * Readers who each ask once a second, and the server's process watched meanwhile.
 * @returns what was measured after so many seconds, for so many; and all samples, those from before that having negative seconds
 */
const askedByAll = async ({ address, pid }, readers, { postsPerSecond, warmSeconds, seconds }) => {
  const load = startLoad();
  return whileRunning([load], async () => {
    const options = { speaks: 'http', awake: true, address, readers, everyMs: EVERY_MS, postsPerSecond };
    const watching = watch(pid);
    let samples;
    const result = await load.run('crowd', { ...options, warmSeconds, seconds }, (news) => {
      if (news === 'measuring') watching.begin();
      if (news === 'measured') samples = watching.end();
    });
    const cores = samples.filter(({ second }) => second > 0).map(({ core }) => core);
    return { ...result, warmSeconds, seconds, samples, core: median(cores) };
  });
};

/**
 * So many users on one core, each answer checked.
 * @param first whether the server has the core before whatever else the system does there
 * @param warmSeconds how long they ask before it counts
 */
export const crowdOf = async (size, seconds, progress, { first = true, warmSeconds = WARM_SECONDS } = {}) => {
  const { users, rooms, postsPerSecond } = scale(size);
  const running = [];
  return whileRunning(running, async () => {
    const server = await serveParlour(newSqlite(), AS_IT_RUNS, { first });
    running.push(server);
    const readers = await settle(server.address, { users, rooms });
    progress(`${users} users are in ${rooms} rooms`);
    const limit = await ownLimit(readers);
    const minutes = setInterval(() => progress('under way'), 60_000);
    running.push({ stop: () => clearInterval(minutes) });
    const result = await askedByAll(server, readers, { postsPerSecond, warmSeconds, seconds });
    for (const [why, count] of Object.entries(result.failures)) progress(`${count} times: ${why}`);
    return { users, rooms, postsPerSecond, limit, ...result };
  });
};

/** Somebody who has everything, and what they are answered. */
const idlePoll = async () => {
  const running = [];
  return whileRunning(running, async () => {
    const server = await serveParlour('memory:');
    running.push(server);
    const [reader] = await settle(server.address, { users: 1, rooms: 1 });
    return { reader, sample: await pollSampleOf(server.address, reader) };
  });
};

/** As many of a yardstick, which knows nobody and answers the bytes of an idle poll; nobody posts. */
export const crowdAtYardstick = async (file, users, seconds) => {
  const { reader, sample } = await idlePoll();
  const running = [];
  return whileRunning(running, async () => {
    const server = await serve(file, sample, { first: true });
    running.push(server);
    const readers = Array.from({ length: users }, () => ({ ...reader }));
    const how = { postsPerSecond: 0, warmSeconds: WARM_SECONDS, seconds };
    return { users, ...(await askedByAll(server, readers, how)) };
  });
};
