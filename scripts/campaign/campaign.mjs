import { Balancer } from './balancer.mjs';
import { follow, gather, wholeLog, write } from './crowd.mjs';
import { startPostgres } from './postgres.mjs';
import { ParlourProcess, within } from './processes.mjs';
import { makeTrouble } from './troubles.mjs';
import { Witness } from './witness.mjs';

const INSTANCES = 4;
const USERS = 100;

/** Where a server hangs, the campaign says so and ends; milliseconds. */
const ENDED_WITHIN_MS = 20_000;
const deadline = (posts) => 180_000 + 60 * posts;

const talk = async (posts, roomCount, { postgres, instances, progress }) => {
  const witness = new Witness();
  const balancer = new Balancer(instances);
  const users = await gather(balancer, witness, USERS, roomCount);
  progress(`${USERS} users are in ${roomCount} rooms`);
  let isTrouble = true;
  let hasPosted = false;
  const isEnough = () => !isTrouble && witness.acknowledgements.length >= posts;
  const startedAt = performance.now();
  const writing = Promise.all(users.map((user) => write(balancer, witness, user, isEnough))).finally(() => {
    hasPosted = true;
  });
  const following = Promise.all(users.map((user) => follow(balancer, witness, user, () => hasPosted)));
  const trouble = makeTrouble({ witness, balancer, postgres, instances, progress }).finally(() => {
    isTrouble = false;
  });
  const [seen] = await Promise.all([trouble, writing, following]);
  const seconds = (witness.acknowledgements.at(-1).at - startedAt) / 1000;
  progress('the logs are compared');
  for (const room of witness.rooms.values()) {
    const reader = users.find((user) => user.room === room);
    const logs = [];
    for (const upstream of balancer.upstreams) logs.push(await wholeLog(balancer, witness, upstream, reader));
    witness.compare(room, logs);
  }
  const answered = (isCounted) =>
    [...balancer.statuses].reduce((sum, [status, count]) => sum + (isCounted(status) ? count : 0), 0);
  return {
    violations: witness.violations,
    seen: {
      'posts acknowledged': witness.acknowledgements.length,
      'posts a second, troubles included': witness.acknowledgements.length / seconds,
      'polls answered': witness.polls,
      'entries read by polls': witness.entriesRead,
      'requests answered 5xx': answered((status) => status >= 500),
      'requests without an answer': answered((status) => status === 0),
      ...seen,
      violations: witness.violations.length,
    },
  };
};

/**
 * Users spread by chance, with every request, over several Parlour processes on one PostgreSQL, while these are stopped
 * and killed. Everything that it starts is ended, however it ends.
 * @param posts how many at least; as many more as are posted until the troubles are over
 * @param interrupted rejects when it is to end before it is over
 * @returns `seen`, figures by their names, and `violations`, in words
 */
export const campaign = async (posts, roomCount, { progress, interrupted }) => {
  const processes = [];
  let postgres = null;
  try {
    postgres = await startPostgres();
    const database = postgres;
    for (let n = 0; n < INSTANCES; n += 1) processes.push(ParlourProcess.spawn(database.url()));
    const run = async () => {
      await Promise.all(processes.map((instance) => instance.listens()));
      return talk(posts, roomCount, { postgres: database, instances: [...processes], progress });
    };
    return await within(deadline(posts), 'the campaign', Promise.race([run(), interrupted]));
  } finally {
    await Promise.all(processes.map((instance) => instance.end()));
    if (postgres !== null) await within(ENDED_WITHIN_MS, 'the end of PostgreSQL', postgres.stop());
  }
};
