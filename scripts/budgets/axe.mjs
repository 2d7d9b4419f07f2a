import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { composer, enter, guest, visitor } from './house.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe could not decide, and what a person who looked at it says: a rule, the places, and the verdict. */
const VERDICTS = JSON.parse(readFileSync(join(import.meta.dirname, 'axe-verdicts.json'), 'utf8'));

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const examine = async (page) => {
  await page.evaluate(AXE);
  const { violations, incomplete } = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: 'tag', values } }),
    TAGS,
  );
  const places = (results) =>
    results.flatMap(({ id, nodes }) => nodes.map(({ target }) => ({ rule: id, place: target.join(' ') })));
  return { violations: places(violations), incomplete: places(incomplete) };
};

const isJudged = ({ rule, place }) =>
  VERDICTS.some((verdict) => verdict.rule === rule && new RegExp(verdict.places, 'u').test(place));

const LOOKS = ['light', 'dark'].flatMap((colorScheme) =>
  [320, 1280].map((width) => ({ colorScheme, viewport: { width, height: width === 320 ? 640 : 800 } })),
);

/** Takes somebody through every view and state, and has each looked at. */
const tour = async ({ browser, address }, look, serial, check) => {
  const host = await visitor(address, `Host${serial}`);
  const room = `Tour ${serial}`;
  const context = await browser.newContext({ baseURL: address, ...look });
  const stranger = await context.newPage();
  await stranger.goto('/');
  await stranger.getByRole('form', { name: 'Log in' }).waitFor();
  await check('welcome', stranger);
  const account = stranger.getByRole('form', { name: 'Create account' });
  await account.getByRole('button').press('Enter');
  await stranger.getByRole('alert').getByRole('link').first().waitFor();
  await check('welcome, with its errors', stranger);
  const fill = async (form, name) => {
    await form.getByRole('textbox', { name: 'Username' }).fill(name);
    await form.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await form.getByRole('button').press('Enter');
  };
  await fill(account, `Acct${serial}`);
  await stranger.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
  const other = await browser.newContext({ baseURL: address, ...look });
  const second = await other.newPage();
  await second.goto('/');
  await fill(second.getByRole('form', { name: 'Log in' }), `Acct${serial}`);
  await second.getByRole('button', { name: 'Log in here instead' }).waitFor();
  await check('welcome, logged in elsewhere', second);
  await second.getByRole('button', { name: 'Log in here instead' }).press('Enter');
  await stranger.getByRole('button', { name: 'Log in again' }).waitFor();
  await check('ending, logged in elsewhere', stranger);
  await context.close();
  await other.close();

  const page = await guest(browser, address, `Tour${serial}`, look);
  const button = (name) => page.getByRole('button', { name, exact: true });
  await page.getByText('No rooms yet').waitFor();
  await check('rooms, none', page);
  await button('Create room').press('Enter');
  await page.getByRole('alert').getByRole('link').first().waitFor();
  await check('rooms, with errors', page);
  const { room: made } = await host('POST', '/api/rooms', { name: room });
  await host('PUT', '/api/session/room', { roomId: made.id });
  await button(`Join ${room}`).waitFor();
  await check('rooms', page);
  await enter(page, room);
  await check('room, empty', page);
  await button('Help').press('Enter');
  await page.getByRole('dialog').waitFor();
  await check('help', page);
  await page.keyboard.press('Escape');
  let said = 0;
  const say = async () => {
    said += 1;
    const message = { clientMessageId: `tour-${said}`, text: `Line ${said}\nhttps://example.org/${said}` };
    await host('POST', `/api/rooms/${made.id}/messages`, message);
  };
  for (let at = 0; at < 12; at += 1) await say();
  await composer(page).fill('my own words');
  await button('Send').press('Enter');
  await page.getByRole('listitem').filter({ hasText: 'my own words' }).first().waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Line 12' }).first().waitFor();
  await check('room, with messages', page);
  await page.getByRole('log').evaluate((log) => (log.scrollTop = 0));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await say();
  await page.getByRole('button', { name: /^Jump to latest/ }).waitFor();
  await check('room, scrolled up', page);

  const refusal = { success: false, message: 'A message has no control characters.', code: 'invalid-text' };
  await page.route('**/messages', (route) => route.fulfill({ status: 400, json: refusal }));
  await composer(page).fill('refused');
  await button('Send').press('Enter');
  await page.getByRole('alert').filter({ hasText: refusal.message }).waitFor();
  await button('Try again').waitFor();
  await check('room, a message refused', page);
  await page.unroute('**/messages');
  await button('Discard').press('Enter');
  await page.route('**/messages', (route) => route.abort());
  await composer(page).fill('on its way');
  await button('Send').press('Enter');
  await page.getByText('Not confirmed yet').waitFor();
  await check('room, a message unsent', page);
  await page.unroute('**/messages');

  const tab = await page.context().newPage();
  await tab.route('**/api/session/room', (route) => route.abort());
  await tab.goto('/rooms');
  await tab.getByRole('button', { name: `Leave ${room}`, exact: true }).waitFor();
  await check('rooms, in a room in another tab', tab);
  await tab.close();
  await host('DELETE', `/api/rooms/${made.id}`);
  await button('Back to rooms').waitFor();
  await check('ending, the room deleted', page);
  await page.context().close();
};

/** axe-core in every view and state, light and dark, on a phone and on a desktop. */
export const accessibility = async (stage) => {
  const violations = [];
  const unjudged = [];
  let [states, judged] = [0, 0];
  for (const [at, look] of LOOKS.entries()) {
    await tour(stage, look, at + 1, async (state, page) => {
      const found = await examine(page);
      const where = `${state}, ${look.colorScheme}, ${look.viewport.width}`;
      states += 1;
      judged += found.incomplete.filter(isJudged).length;
      violations.push(...found.violations.map((one) => ({ ...one, where })));
      unjudged.push(...found.incomplete.filter((one) => !isJudged(one)).map((one) => ({ ...one, where })));
    });
  }
  const list = (found) => found.map(({ rule, place, where }) => `${rule} at ${place} (${where})`).join('; ');
  return [
    {
      what: `axe-core: violations in ${states} views and states`,
      budget: '0',
      measured: violations.length === 0 ? '0' : list(violations),
      holds: violations.length === 0,
    },
    {
      what: 'axe-core: undecided, and looked at by nobody',
      budget: '0',
      measured: unjudged.length === 0 ? `0 (${judged} have their verdict)` : list(unjudged),
      holds: unjudged.length === 0,
    },
  ];
};
