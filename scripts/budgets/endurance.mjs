import { enter, guest } from './house.mjs';
import { atMost } from './tries.mjs';

const POLLS = 28_800;
const WARM_UP = 1_000;

/**
 * Runs in the page before its script: from `hours.begin()` on, time passes only when it is told to, and polls are answered
 * in the page at once. Everything else is the real page.
 */
const takeTheClock = () => {
  const [later, never, now, ask] = [setTimeout, clearTimeout, performance.now.bind(performance), fetch];
  const timers = new Map();
  let [fake, ahead, serial, polls, idle] = [false, 0, 1e9, 0, ''];
  window.setTimeout = (run, ms, ...given) => {
    if (!fake) return later(run, ms, ...given);
    serial += 1;
    timers.set(serial, { at: performance.now() + ms, run });
    return serial;
  };
  window.clearTimeout = (id) => timers.delete(id) || never(id);
  performance.now = () => now() + ahead;
  window.fetch = async (path, how) => {
    if (!String(path).includes('/updates')) return ask(path, how);
    polls += 1;
    if (fake) return new Response(idle, { headers: { 'Content-Type': 'application/json' } });
    const answer = await ask(path, how);
    idle = await answer.clone().text();
    return answer;
  };
  const turn = () => {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });
  };
  window.hours = {
    isIdle: () => idle.includes('"entries":[]') && !idle.includes('"online":'),
    begin: () => (fake = true),
    async poll(count) {
      const end = polls + count;
      while (polls < end) {
        const due = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
        if (due) {
          timers.delete(due[0]);
          ahead += Math.max(0, due[1].at - performance.now());
          due[1].run();
        }
        await turn();
      }
      return polls;
    },
  };
};

/** What eight hours of polls leave behind. */
export const endurance = async ({ browser, address, talk }) => {
  await talk('POST', '/api/rooms', { name: 'Eight hours' });
  const page = await guest(browser, address, 'Endures1', {}, (fresh) => fresh.addInitScript(takeTheClock));
  await enter(page, 'Eight hours');
  await page.waitForFunction(() => window.hours.isIdle());
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const weigh = async () => {
    for (let times = 0; times < 3; times += 1) await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await page.evaluate(() => window.hours.begin());
  await page.evaluate((count) => window.hours.poll(count), WARM_UP);
  const before = await weigh();
  await page.evaluate((count) => window.hours.poll(count), POLLS);
  const after = await weigh();
  await page.context().close();
  const grown = (name) => after[name] - before[name];
  return [
    atMost(`${POLLS.toLocaleString('en')} polls: heap`, 'MB', 0.5, grown('JSHeapUsedSize') / 1e6),
    atMost('… nodes', 'more', 0, grown('Nodes')),
    atMost('… listeners', 'more', 0, grown('JSEventListeners')),
  ];
};
