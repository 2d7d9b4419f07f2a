import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

interface Axe {
  axe: { run(options: { resultTypes: string[] }): Promise<AxeResult> };
}

/** What axe finds wrong by WCAG 2.2 A and AA and its best practices; evaluated, since Trusted Types forbid script tags. */
const violations = async ({ page }: Person): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const result = await page.evaluate(() =>
    (window as unknown as Axe).axe.run({ resultTypes: ['violations'] }),
  );
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
};

const isWiderThanItsWindow = ({ page }: Person): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

/** Colours depend on the one and the layout on the other: two looks see all of both. */
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;

const LONG = 'a message with a-very-long-word-'.repeat(8);
const ACCOUNT = { username: 'Twice1', password: 'correct horse battery' };

/** Each view, and each state of one that shows something else; how somebody gets there. */
const VIEWS: Record<string, () => Promise<Person>> = {
  'rooms, where there are none': async () => {
    const person = await stage.guest('Look1');
    await person.page.getByText('No rooms yet').waitFor();
    return person;
  },
  'the welcome': async () => {
    const person = await stage.newcomer();
    await person.form('Log in').waitFor();
    return person;
  },
  'the welcome, with its errors': async () => {
    const person = await stage.newcomer();
    await person.form('Create account').getByRole('button', { name: 'Create account' }).click();
    await person.alert.getByRole('link').first().waitFor();
    return person;
  },
  'the welcome of whoever is logged in elsewhere': async () => {
    const person = await stage.newcomer();
    const elsewhere = await fetch(`${stage.address}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ACCOUNT),
    });
    expect(elsewhere.status).toBe(201);
    await person.logIn(ACCOUNT.username, ACCOUNT.password);
    await person.button('Log in here instead').waitFor();
    return person;
  },
  'rooms, with the errors of a new one': async () => {
    const person = await stage.guest('Look2');
    await person.askForRoom('', '1');
    await person.alert.getByRole('link').first().waitFor();
    return person;
  },
  rooms: async () => {
    const person = await stage.guest('Look3');
    for (const name of ['Of one’s own', LONG.slice(0, 40)])
      await ask(person.context, 'POST', '/api/rooms', { name });
    await person.button('Join Of one’s own').waitFor();
    return person;
  },
  'rooms, in one of them in another tab': async () => {
    const person = await stage.inside('Looked at', 'Look4');
    const tab = await person.anotherTab('about:blank');
    await tab.page.route('**/api/session/room', (route) => route.abort());
    await tab.page.goto('/rooms');
    await tab.button('Leave Looked at').waitFor();
    return tab;
  },
  'a room, with messages and others': async () => {
    await stage.inside('Talk', 'Other6');
    const person = await stage.inside('Talk', 'Look6');
    await person.sayAll([LONG, 'https://parlour.example/']);
    await eventually(async () => expect(await person.messages()).toHaveLength(2));
    await person.online.getByText('Other6').waitFor();
    return person;
  },
  'a room, with a message that is refused and one on its way': async () => {
    const person = await stage.inside('Unsent', 'Look7');
    const refusal = { success: false, message: 'A message has no control characters.', code: 'invalid-text' };
    await person.page.route('**/messages', (route) => route.fulfill({ status: 400, json: refusal }));
    await person.say(LONG);
    await person.button('Try again').waitFor();
    await person.page.route('**/messages', (route) => route.abort());
    await person.say(LONG);
    await person.page.getByText(/Not confirmed/).waitFor();
    return person;
  },
  'the help, over a room where nothing was said': async () => {
    const person = await stage.inside('Helped', 'Look10');
    await person.button('Help').click();
    await person.page.getByRole('dialog').waitFor();
    return person;
  },
  'the ending of a deleted room, with a draft': async () => {
    const person = await stage.inside('Doomed', 'Look8');
    await person.composer.fill(LONG);
    const { room } = await ask<{ room: { id: string } }>(person.context, 'GET', '/api/session');
    await ask(person.context, 'DELETE', `/api/rooms/${room.id}`);
    await person.heading(/Doomed was deleted/).waitFor();
    return person;
  },
  'the ending of a session': async () => {
    const person = await stage.guest('Look9');
    await ask(person.context, 'DELETE', '/api/session');
    await person.button('Log in again').waitFor();
    return person;
  },
};

test.each(Object.keys(VIEWS))('B20 %s: clear and readable, light and wide, dark and narrow', async (name) => {
  const person = await VIEWS[name]!();
  for (const { colorScheme, viewport } of LOOKS) {
    await person.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await person.page.setViewportSize(viewport);
    const found = {
      violations: await violations(person),
      isWiderThanItsWindow: await isWiderThanItsWindow(person),
      mainHeadings: await person.page.getByRole('heading', { level: 1 }).count(),
    };
    const right = { colorScheme, violations: [], isWiderThanItsWindow: false, mainHeadings: 1 };
    expect({ colorScheme, ...found }).toEqual(right);
  }
});

test('after each change of view the focus is on that view’s heading, and the title names the view', async () => {
  const person = await stage.guest('Focus1');
  await person.createRoom('Focused');
  await person.join('Focused');
  const focused = () => person.page.evaluate(() => document.activeElement?.textContent?.trim());
  await eventually(async () => expect(await focused()).toContain('Focused'));
  expect(await person.page.title()).toMatch(/Focused.*Parlour/);
  await person.leave();
  await eventually(async () => expect(await focused()).toContain('Rooms'));
  expect(await person.page.title()).toMatch(/Rooms.*Parlour/);
});

test('B21 the browser calls itself Chrome, as Chromium does, and the page runs in it without an error', async () => {
  const person = await stage.newcomer();
  expect(await person.page.evaluate(() => navigator.userAgent)).toMatch(/ (?:Headless)?Chrome\/\d/);
  const errors: string[] = [];
  person.page.on('pageerror', (error) => errors.push(error.message));
  person.page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await person.page.reload();
  await person.continueAsGuest('Chrome1');
  await person.createRoom('No errors');
  await person.join('No errors');
  await person.say('hello');
  await eventually(async () => expect(await person.heard('hello')).toHaveLength(1));
  await person.leave();
  await person.logOut();
  expect(errors).toEqual([]);
});

test('B22 the browser code asks nobody but this server for anything, and its one script loads no other', async () => {
  const person = await stage.newcomer();
  const asked: string[] = [];
  person.page.on('request', (request) => asked.push(request.url()));
  await person.page.reload();
  await person.continueAsGuest('Alone1');
  expect(asked.filter((url) => !url.startsWith(stage.address))).toEqual([]);
  const scripts = asked.filter((url) => url.endsWith('.js'));
  expect(scripts).toHaveLength(1);
  const source = await (await fetch(scripts[0]!)).text();
  expect(source).not.toMatch(/\b(?:import|require)\s*\(/);
});
