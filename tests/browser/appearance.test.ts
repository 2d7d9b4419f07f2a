import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** What axe finds wrong by WCAG 2.2 A and AA and its best practices; evaluated, since Trusted Types forbid script tags. */
const violations = async ({ page }: Person): Promise<string[]> => {
  await page.evaluate(axe);
  const result = await page.evaluate(
    () => (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run() as Promise<AxeResult>,
  );
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
};

const isWiderThanItsWindow = ({ page }: Person): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [320, 1280].map((width) => ({ colorScheme, viewport: { width, height: width === 320 ? 640 : 800 } })),
);

test.each(LOOKS)(
  'B20 every view is clear and readable ($colorScheme, $viewport.width px wide)',
  async (look) => {
    const suffix = `${look.colorScheme}${look.viewport.width}`;
    const person = await stage.newcomer(look);
    await person.form('Log in').waitFor();
    const check = async (): Promise<void> => {
      expect(await violations(person)).toEqual([]);
      expect(await isWiderThanItsWindow(person)).toBe(false);
      expect(await person.page.getByRole('heading', { level: 1 }).count()).toBe(1);
    };
    await check();
    await person.continueAsGuest(`A${suffix}`);
    await person.createRoom(`Room ${suffix}`);
    await check();
    await person.join(`Room ${suffix}`);
    await person.say('a message with a-very-long-word-'.repeat(8));
    await eventually(async () => expect(await person.messages()).toHaveLength(1));
    await check();
    const tab = await person.anotherTab('/rooms');
    await tab.button(`Leave Room ${suffix}`).or(tab.composer).first().waitFor();
    await tab.page.close();
    await person.leave();
    await person.button(`Delete Room ${suffix}`).click();
    await person.button(`Join Room ${suffix}`).waitFor({ state: 'detached' });
    await check();
  },
);

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

test('B21 the browser is Chrome or Chromium, and the page runs in it without an error', async () => {
  expect(chromium.name()).toBe('chromium');
  const person = await stage.newcomer();
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

test('B22 the browser code asks nobody but this server for anything, and has no library in it', async () => {
  const person = await stage.newcomer();
  const asked: string[] = [];
  person.page.on('request', (request) => asked.push(request.url()));
  await person.page.reload();
  await person.continueAsGuest('Alone1');
  expect(asked.filter((url) => !url.startsWith(stage.address))).toEqual([]);
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const script = asked.find((url) => url.endsWith('.js'))!;
  const source = await (await fetch(script)).text();
  for (const name of Object.keys(manifest.dependencies)) expect(source).not.toContain(`node_modules/${name}`);
  expect(source).not.toMatch(/\b(?:import|require)\s*\(/);
});
