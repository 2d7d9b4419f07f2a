import { AS_ITS_WINDOW, composer, enter, guest } from './house.mjs';
import { atMost, spread, tries } from './tries.mjs';

const TRIES = 5;

/** Runs in the page before its script: remembers shifts, slow interactions, mutations, and the frames in which rows came. */
const watch = () => {
  const seen = { shift: 0, interactions: [], mutations: 0, frames: [] };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId > 0) seen.interactions.push(duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new MutationObserver((records) => (seen.mutations += records.length)).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  window.watchFrames = () => {
    let before = performance.now();
    let came = false;
    new MutationObserver(() => (came = true)).observe(document.querySelector('.log'), {
      subtree: true,
      childList: true,
    });
    // The frame in which rows came and the one after it: their layout and paint may fall into either.
    let left = 0;
    const frame = (now) => {
      if (came) left = 2;
      came = false;
      if (left-- > 0) seen.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
};

const prepare = (page) => page.addInitScript(watch);

const polled = (page) =>
  page.waitForResponse((response) => response.url().includes('/updates') && response.ok());

/** The slowest of some interactions: letters typed, and messages sent. */
const slowest = async (page) => {
  await page.evaluate(() => (window.seen.interactions = []));
  await composer(page).focus();
  for (const word of ['a few', 'words more']) {
    await page.keyboard.type(word, { delay: 20 });
    await page.keyboard.press('Enter');
    await page.waitForTimeout(400);
  }
  // Nothing is told of what took less than 16 ms, but of the first input always, once it is drawn.
  const told = await page.evaluate(() => ({
    drawn: performance.getEntriesByType('first-input').length > 0,
    longest: Math.max(16, ...window.seen.interactions),
  }));
  if (!told.drawn) throw new Error('What was typed was never drawn, so there is nothing to measure.');
  return told.longest;
};

/** Where the message box is too: what is not drawn there would tell of itself here. */
const BARE = 'data:text/html,<textarea aria-label="Message" style="position:fixed;bottom:0"></textarea>';

/** What the same keys cost in a page of nothing but a box: the share of the machine and of drawing in software. */
const bareBox = async (browser, rate = 1) => {
  const context = await browser.newContext(AS_ITS_WINDOW);
  const page = await context.newPage();
  await prepare(page);
  await page.goto(BARE);
  if (rate > 1) await slowDown(page, rate);
  const { median } = await tries(TRIES, () => slowest(page));
  await context.close();
  return median;
};

const slowDown = async (page, rate) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
};

/** How far the list of rooms moves what is on a phone's screen when it comes later than the page. */
const shiftOnPhone = async (browser, address) => {
  const options = { viewport: { width: 412, height: 823 } };
  const page = await guest(browser, address, 'Phone1', options, prepare);
  const drawn = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
  const late = async (route) => {
    await page.locator('.ghosts').waitFor();
    await drawn();
    await route.continue();
  };
  await page.route('**/api/rooms*', late, { times: 1 });
  await page.reload();
  await page.getByRole('button', { name: 'Join Calm' }).waitFor();
  await drawn();
  const shift = await page.evaluate(() => window.seen.shift);
  await page.context().close();
  return shift;
};

/** A calm page: nothing moves by itself, nothing waits, and an idle poll is not felt. */
export const pace = async ({ browser, address, talk }) => {
  await talk('POST', '/api/rooms', { name: 'Calm' });
  const phone = await shiftOnPhone(browser, address);
  const page = await guest(browser, address, 'Calm1', AS_ITS_WINDOW, prepare);
  await page.getByRole('button', { name: 'Create room' }).press('Enter');
  await page.getByRole('textbox', { name: 'Room name' }).fill('A room of mine');
  await page.getByRole('button', { name: 'Create room' }).press('Enter');
  await page.getByRole('button', { name: 'Join A room of mine' }).waitFor();
  await enter(page, 'Calm');
  const quick = await tries(TRIES, () => slowest(page));
  const bare = await bareBox(browser);
  await page.bringToFront();

  const cdp = await page.context().newCDPSession(page);
  // In the thread's own time: what it waited for a core is not its work.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const count = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const named = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    return { ...named, mutations: await page.evaluate(() => window.seen.mutations) };
  };
  // The focus is put where nothing blinks, and what was said before goes away.
  await page.getByRole('heading', { name: 'Calm' }).focus();
  await page.waitForTimeout(7000);
  const POLLS = 5;
  let mutations = 0;
  let layouts = 0;
  const idle = await tries(TRIES, async () => {
    await polled(page);
    await page.waitForTimeout(300);
    const before = await count();
    for (let round = 0; round < POLLS; round += 1) await polled(page);
    await page.waitForTimeout(300);
    const after = await count();
    mutations += after.mutations - before.mutations;
    layouts += after.LayoutCount - before.LayoutCount;
    return ((after.TaskDuration - before.TaskDuration) * 1000) / POLLS;
  });
  await page.getByRole('button', { name: 'Leave room' }).press('Enter');
  await page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
  const shift = await page.evaluate(() => window.seen.shift);
  await page.context().close();
  return [
    atMost('layout shift, loading and using', '', 0, Math.round(shift * 10_000) / 10_000),
    atMost('… loading the rooms on a phone', '', 0, Math.round(phone * 10_000) / 10_000),
    atMost('interaction to next paint', 'ms', 50, quick.median, `${spread(quick.seen)}, a bare page ${bare}`),
    atMost('idle poll: DOM mutations', '', 0, mutations),
    atMost('… layouts', '', 0, layouts),
    atMost('… main thread', 'ms', 6, idle.median, spread(idle.seen)),
  ];
};

/** A log of five thousand messages: reading along and writing stay quick. */
export const longLog = async ({ browser, address, talk, longRoomId, messages }) => {
  const page = await guest(browser, address, 'Longlog1', AS_ITS_WINDOW, prepare);
  await enter(page, 'Five thousand', messages);
  await page.evaluate(() => window.watchFrames());
  let serial = 0;
  const frames = await tries(TRIES, async () => {
    await page.evaluate(() => (window.seen.frames = []));
    for (let round = 0; round < 3; round += 1) {
      serial += 1;
      const text = `appended ${serial}`;
      const clientMessageId = `append-${serial}`;
      await talk('POST', `/api/rooms/${longRoomId}/messages`, { clientMessageId, text });
      await page.waitForFunction(
        (last) => document.querySelector('.log ol:last-child li:last-child')?.textContent.includes(last),
        text,
      );
      await page.waitForTimeout(100);
    }
    return page.evaluate(() => Math.max(...window.seen.frames));
  });
  const SLOWER = 4;
  await slowDown(page, SLOWER);
  const slow = await tries(TRIES, () => slowest(page));
  await page.context().close();
  const bare = await bareBox(browser, SLOWER);
  return [
    atMost(
      'interaction to next paint, 5,000 messages, a quarter of the speed',
      'ms',
      200,
      slow.median,
      `${spread(slow.seen)}, a bare page ${bare}`,
    ),
    atMost(
      'longest frame appending to a log of 5,000',
      'ms',
      25,
      Math.round(frames.median * 10) / 10,
      spread(frames.seen),
    ),
  ];
};
