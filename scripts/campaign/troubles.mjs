import { setTimeout as pause } from 'node:timers/promises';
import { ANSWER_WITHIN_MS } from './balancer.mjs';
import { within } from './processes.mjs';
import { longestGap, longestRoomGap } from './witness.mjs';

const CALM_MS = 3000;
const STOPPED_MS = 10_000;
const AFTER_KILL_MS = 6000;
const AWAY_MS = 2000;
const GOES_ON_WITHIN_MS = 3000;
/** The longest that a process that is stopped may hold up a room, by docs/postgresql.md. */
const HELD_UP_MS = 2000;
/**
 * However many the rooms, whoever is in one posts all the time, so that it stands still only while it is held up, and then while
 * all of its writers still wait for an answer that does not come; half a second is for the post itself.
 */
const ROOM_GOES_ON_WITHIN_MS = HELD_UP_MS + ANSWER_WITHIN_MS + 500;
const BACK_WITHIN_MS = 10_000;
const PATIENCE_MS = 30_000;

/** When the instance next acknowledged a post. */
const nextBy = async (witness, instance, since) => {
  for (;;) {
    const found = witness.acknowledgements.find((one) => one.instance === instance && one.at > since);
    if (found !== undefined) return found.at - since;
    await pause(20);
  }
};

/** Whether the instances that are left went on, all together and in each room. @returns the longest gaps */
const requireGoingOn = (witness, without, from, until, when) => {
  const others = witness.acknowledgements.filter((one) => one.instance !== without);
  const gap = longestGap(others, from, until);
  if (gap > GOES_ON_WITHIN_MS) witness.violated(`nothing was acknowledged for ${Math.round(gap)} ms ${when}`);
  const stillest = longestRoomGap(others, [...witness.rooms.values()], from, until);
  if (stillest.gap > ROOM_GOES_ON_WITHIN_MS)
    witness.violated(`${stillest.room.id} stood still for ${Math.round(stillest.gap)} ms ${when}`);
  return { gap, roomGap: stillest.gap };
};

/** One instance says nothing for a while, in the middle of posting, and then goes on. */
const stopOne = async (witness, instance) => {
  const from = performance.now();
  instance.signal('SIGSTOP');
  await pause(STOPPED_MS);
  const until = performance.now();
  instance.signal('SIGCONT');
  const { gap, roomGap } = requireGoingOn(witness, instance, from, until, 'while one was stopped');
  const back = await within(PATIENCE_MS, 'the return of what was stopped', nextBy(witness, instance, until));
  return {
    'SIGSTOP: longest gap on the others, ms': gap,
    'SIGSTOP: longest gap of any room, ms': roomGap,
    'SIGCONT: serves again after, ms': back,
  };
};

const killOne = async (witness, balancer, instance) => {
  const from = performance.now();
  instance.signal('SIGKILL');
  await instance.ended;
  balancer.remove(instance);
  await pause(AFTER_KILL_MS);
  const until = performance.now();
  const { gap, roomGap } = requireGoingOn(witness, instance, from, until, 'after one was killed');
  return {
    'kill -9: longest gap on the others, ms': gap,
    'kill -9: longest gap of any room, ms': roomGap,
  };
};

const crashPostgres = async (witness, postgres, instances) => {
  await postgres.kill();
  await pause(AWAY_MS);
  const startedAt = performance.now();
  await within(PATIENCE_MS, 'the recovery of PostgreSQL', postgres.run());
  const backAt = performance.now();
  const services = instances.map((instance) => nextBy(witness, instance, startedAt));
  const ready = await within(PATIENCE_MS, 'the return of all instances', Promise.all(services));
  const back = Math.max(0, startedAt + Math.max(...ready) - backAt);
  if (back > BACK_WITHIN_MS)
    witness.violated(`an instance was back only ${Math.round(back)} ms after PostgreSQL`);
  return {
    'PostgreSQL kill -9: recovery, ms': backAt - startedAt,
    'PostgreSQL kill -9: last instance back after, ms': back,
  };
};

/** What goes wrong, one after the other, while everybody posts. @returns what was seen, by what it is called */
export const makeTrouble = async ({ witness, balancer, postgres, instances, progress }) => {
  const [stopped, killed, ...others] = instances;
  await pause(CALM_MS);
  progress('one instance is stopped');
  const stopping = await stopOne(witness, stopped);
  await pause(CALM_MS);
  progress('one instance is killed');
  const killing = await killOne(witness, balancer, killed);
  progress('PostgreSQL is killed');
  const crash = await crashPostgres(witness, postgres, [stopped, ...others]);
  await pause(CALM_MS);
  return { ...stopping, ...killing, ...crash };
};
