import { build } from './build.mjs';
import { campaign } from './campaign/campaign.mjs';

/*
 * npm run campaign — a hundred users on four processes and one PostgreSQL, in one room and then in fifty, while a process
 * is stopped, another killed, and PostgreSQL killed and started again. Exits with 1 where anything promised did not hold.
 * POSTS= is how many posts there are at least with each number of rooms.
 */
const ROOMS = [1, 50];
const given = process.env.POSTS ?? '20000';
if (!/^[1-9]\d{0,6}$/.test(given)) {
  console.error(`POSTS=${given} is not a whole number from 1 to 9999999`);
  process.exit(2);
}

const interrupted = new Promise((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => reject(new Error(`${signal}: what was started is ended`)));
});
interrupted.catch(() => undefined);

await build({ onlyStale: true });
const results = [];
for (const rooms of ROOMS) {
  const startedAt = performance.now();
  const progress = (what) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.error(`${rooms === 1 ? '1 room' : `${rooms} rooms`}, ${seconds} s: ${what}`);
  };
  try {
    results.push({ rooms, ...(await campaign(Number(given), rooms, { progress, interrupted })) });
  } catch (error) {
    console.error(error);
    results.push({ rooms, seen: {}, violations: [`it could not be carried through: ${error.message}`] });
    break;
  }
}

const names = [...new Set(results.flatMap(({ seen }) => Object.keys(seen)))];
const shown = (value) => (value === undefined ? '' : Math.round(value).toLocaleString('en-GB'));
console.log(`| | ${results.map(({ rooms }) => `${rooms} ${rooms === 1 ? 'room' : 'rooms'}`).join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(results.length)}`);
for (const name of names)
  console.log(`| ${name} | ${results.map(({ seen }) => shown(seen[name])).join(' | ')} |`);
const MOST_SHOWN = 20;
for (const { rooms, violations } of results)
  for (const violation of violations.slice(0, MOST_SHOWN))
    console.log(`VIOLATED (rooms: ${rooms}): ${violation}`);
process.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0);
