import { cpuMicros } from './cpu.mjs';
import { startLoad } from './processes.mjs';
import { whileRunning } from './rounds.mjs';

/** Of people who are in their rooms: CPU microseconds and answers, a user and second, and milliseconds from posting to reading. */
export const together = async (load, { server, readers, how }, times) => {
  let begun;
  let micros;
  const heed = (news) => {
    if (news === 'measuring') begun = cpuMicros(server.pid);
    if (news === 'measured') micros = cpuMicros(server.pid) - begun;
  };
  const { answers, delays, faults } = await load.run(
    'crowd',
    { ...how, address: server.address, readers, ...times },
    heed,
  );
  const wrong = Object.entries(faults).filter(([, count]) => count > 0);
  if (wrong.length > 0) throw new Error(`wrong: ${wrong.map((one) => one.join(' ')).join(', ')}`);
  const each = times.seconds * readers.length;
  return { micros: micros / each, asked: answers.count / each, p50: delays.p50, p99: delays.p99 };
};

/**
 * What people cost while nobody says anything. It takes long to see, since some are heard of twice a minute only, so all are
 * looked at at once, each with a load of its own: it is processor time that is counted, and there is plenty.
 */
export const inSilence = async (contestants, seconds) => {
  const loads = contestants.map(() => startLoad());
  const times = { postsPerSecond: 0, warmSeconds: 3, seconds };
  return whileRunning(loads, async () => {
    const all = await Promise.all(contestants.map((one, at) => together(loads[at], one, times)));
    return Object.fromEntries(contestants.map(({ name }, at) => [name, all[at]]));
  });
};
