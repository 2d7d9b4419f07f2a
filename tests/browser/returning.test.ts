import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();

interface Throttled {
  hide(): void;
  show(): void;
  /** How many timers of a second wait for the next turn that the browser gives to a hidden page: those of the polls. */
  held(): number;
  turn(): void;
  /** By the page's own clock, in milliseconds. */
  readonly polls: { readonly asked: number; readonly answered: number }[];
}
declare global {
  interface Window {
    throttled: Throttled;
  }
}

/** Lets a test hide the page as a browser does: its timers then run only when the browser gives it a turn. */
const throttle = async ({ page }: Person): Promise<void> => {
  await page.addInitScript(() => {
    let hidden = false;
    const { setTimeout: start, clearTimeout: stop } = window;
    const held = new Map<number, { run: () => void; ms: number }>();
    const hold = (run: () => void, ms = 0): number => {
      const id: number = start(() => (hidden ? held.set(id, { run, ms }) : run()), ms);
      return id;
    };
    const polls: Throttled['polls'] = [];
    const ask = window.fetch;
    window.fetch = async (...given) => {
      const asked = performance.now();
      const answer = await ask(...given);
      if (answer.url.includes('/updates')) polls.push({ asked, answered: performance.now() });
      return answer;
    };
    const letGo = (id?: number): void => {
      stop(id);
      held.delete(id!);
    };
    Object.assign(window, { setTimeout: hold, clearTimeout: letGo });
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    const change = (to: boolean): void => {
      hidden = to;
      document.dispatchEvent(new Event('visibilitychange'));
    };
    const turn = (): void => {
      const due = [...held.values()];
      held.clear();
      for (const { run } of due) run();
    };
    const throttled: Throttled = {
      hide: () => change(true),
      show: () => change(false),
      held: () => [...held.values()].filter(({ ms }) => ms <= 1000).length,
      turn,
      polls,
    };
    Object.assign(window, { throttled });
  });
  await page.reload();
};

test('B15 a hidden tab polls when it is given a turn, by one timer, and catches up when it is shown, without a burst', async () => {
  const writer = await stage.inside('Night', 'Waker1');
  const reader = await stage.inside('Night', 'Sleeper1');
  await throttle(reader);
  await reader.composer.waitFor();
  const polls = (): Promise<Throttled['polls']> => reader.page.evaluate(() => window.throttled.polls);
  const held = (): Promise<number> => reader.page.evaluate(() => window.throttled.held());

  await reader.page.evaluate(() => window.throttled.hide());
  await eventually(async () => expect(await held()).toBe(1));
  const before = (await polls()).length;
  for (const text of ['first', 'second', 'third']) await writer.say(text);
  await eventually(async () => expect(await writer.heard('third')).toHaveLength(1));
  await reader.page.evaluate(() => window.throttled.turn());
  await eventually(async () => expect(await reader.heard('first', 'second', 'third')).toHaveLength(3));
  expect((await polls()).length).toBe(before + 1);
  await eventually(async () => expect(await held()).toBe(1));

  await writer.say('fourth');
  await eventually(async () => expect(await writer.heard('fourth')).toHaveLength(1));
  expect((await polls()).length).toBe(before + 1);
  await reader.page.evaluate(() => window.throttled.show());
  await eventually(async () => expect(await reader.heard('fourth')).toHaveLength(1));
  expect(await held()).toBe(0);
  await eventually(async () => expect((await polls()).length).toBeGreaterThanOrEqual(before + 4));
  const made = await polls();
  const pauses = made.slice(1).map(({ asked }, at) => asked - made[at]!.answered);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(999);
});

test('a page that comes back out of the browser’s cache shows nothing of its room until the server said who is logged in', async () => {
  const person = await stage.inside('Frozen', 'Thawed1');
  await person.say('a secret');
  await eventually(async () => expect(await person.heard('a secret')).toHaveLength(1));
  const secret = person.page.getByText('a secret');
  const thaw = (): Promise<void> =>
    person.page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));

  // Still logged in: what was typed, and the room, are there again.
  await person.composer.fill('half a thought');
  await thaw();
  await eventually(async () => expect(await person.heard('a secret')).toHaveLength(1));
  expect(await person.composer.inputValue()).toBe('half a thought');

  // As another page of the browser did meanwhile, unseen by the frozen one.
  await person.page.route('**/api/rooms/*/updates**', (route) => route.abort());
  await person.context.clearCookies();
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await person.page.route('**/api/session', async (route) => {
    ask();
    await answered;
    await route.continue();
  });
  await thaw();
  expect(await secret.count()).toBe(0);
  await asked;
  answer();
  await person.button('Log in again').or(person.form('Log in')).first().waitFor();
  expect(await secret.count()).toBe(0);
});

test('whoever comes back sees where the new messages begin, though history comes in several answers, and has read them', async () => {
  const reader = await stage.inside('Left behind', 'Returner5');
  const writer = await stage.inside('Left behind', 'Writer5');
  await writer.sayAll(['line 1']);
  await eventually(async () => expect(await reader.heard('line 1')).toHaveLength(1));
  await reader.page.goto('about:blank');
  await writer.sayAll(['line 2', 'line 3']);
  await reader.page.route('**/api/session/room', async (route) => {
    const response = await route.fetch();
    const entered = (await response.json()) as { entries: { text?: string }[] };
    const upToLine1 = 1 + entered.entries.findIndex(({ text }) => text === 'line 1');
    await route.fulfill({
      response,
      json: { ...entered, entries: entered.entries.slice(0, upToLine1), more: true },
    });
  });
  await reader.page.goto('/');
  await eventually(async () => expect(await reader.heard('line 3')).toHaveLength(1));
  await reader.log.getByText('New messages').waitFor();
  await reader.page.reload();
  await eventually(async () => expect(await reader.heard('line 3')).toHaveLength(1));
  expect(await reader.log.getByText('New messages').count()).toBe(0);
});

test('a page that has nothing to show yet asks again at once when it is seen', async () => {
  const person = await stage.newcomer();
  let fail = (): void => {};
  const failing = new Promise<void>((resolve) => (fail = resolve));
  await person.page.route('**/api/session', async (route) => {
    await failing;
    await route.abort();
  });
  // The shortest wait, so that it is told from the other timers.
  await person.page.addInitScript(() => void (Math.random = () => 0));
  await throttle(person);
  await person.page.evaluate(() => window.throttled.hide());
  fail();
  await eventually(async () => expect(await person.page.evaluate(() => window.throttled.held())).toBe(1));
  await person.page.unroute('**/api/session');
  await person.page.evaluate(() => window.throttled.show());
  await person.form('Log in').waitFor();
});
