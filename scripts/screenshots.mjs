import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';
import { findChromium } from './find-chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/screenshots');
const WIDTHS = { 320: 640, 768: 900, 1280: 800 };

await build({ onlyStale: true });
mkdirSync(folder, { recursive: true });
const server = spawn(process.execPath, [join(root, 'dist/server/main.js')], {
  env: { ...process.env, PORT: '0', STORAGE: 'memory:', LOG_LEVEL: 'silent', RATE_LIMITS: 'off' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const address = await new Promise((resolve) =>
  server.stdout.once('data', (line) => resolve(String(line).trim())),
);
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});

/** Somebody at the table, over plain HTTP: conversations need more than one. */
const visitor = async (username) => {
  const call = async (method, path, body, cookie) => {
    const answer = await fetch(address + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { cookie: answer.headers.get('set-cookie')?.split(';')[0], ...(await answer.json()) };
  };
  const { cookie } = await call('POST', '/api/session', { username });
  return (method, path, body) => call(method, path, body, cookie);
};

const shoot = async (page, view, scheme, width) => {
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${view}-${scheme}-${width}.png`) });
};

const TALK = [
  ['Marta', 'Good morning! Did everybody see the new reading list?'],
  ['Marta', 'It is at https://example.org/reading-list, the second half is optional.'],
  ['Jonas', 'Yes. Chapter four is the one to start with, I think.'],
  [
    'Amina',
    'Agreed.\nI wrote down three questions about it:\n1. Who decides the order?\n2. What if two speak at once?\n3. What does a latecomer see?',
  ],
  ['Jonas', 'Number two is what this room is for :)'],
];

let round = 0;
for (const scheme of ['light', 'dark']) {
  for (const [width, height] of Object.entries(WIDTHS)) {
    round += 1;
    const context = await browser.newContext({
      baseURL: address,
      colorScheme: scheme,
      viewport: { width: Number(width), height },
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const button = (name) => page.getByRole('button', { name, exact: true });
    await page.goto('/');
    await button('Continue as guest').waitFor();
    await shoot(page, 'welcome', scheme, width);
    await page.getByRole('textbox', { name: 'Display name' }).fill(`Guest${round}`);
    await button('Continue as guest').click();
    await page.getByText('No rooms yet').first().waitFor();
    await page.waitForTimeout(4000);
    await shoot(page, 'rooms-empty', scheme, width);

    const people = {};
    for (const name of ['Marta', 'Jonas', 'Amina']) people[name] = await visitor(name);
    const { room } = await people.Marta('POST', '/api/rooms', { name: 'Reading circle' });
    await people.Jonas('POST', '/api/rooms', { name: 'Kitchen', capacity: 8 });
    await page.getByRole('textbox', { name: 'Room name' }).fill('Quiet corner');
    await button('Create room').click();
    await button('Join Quiet corner').waitFor();
    for (const call of Object.values(people)) await call('PUT', '/api/session/room', { roomId: room.id });
    for (const [at, [name, text]] of TALK.entries()) {
      await people[name]('POST', `/api/rooms/${room.id}/messages`, { clientMessageId: `talk-${at}`, text });
    }
    await page.waitForTimeout(4000);
    await shoot(page, 'rooms', scheme, width);

    await button('Join Reading circle').click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello all, I am new here.');
    await button('Send').click();
    await page.getByRole('listitem').filter({ hasText: 'I am new here' }).waitFor();
    for (const call of Object.values(people)) await call('GET', `/api/rooms/${room.id}/updates?after=0`);
    await page.getByRole('textbox', { name: 'Message' }).fill('About the third question');
    await page.waitForTimeout(1500);
    await shoot(page, 'room', scheme, width);

    await people.Marta('DELETE', `/api/rooms/${room.id}`);
    await button('Back to rooms').waitFor();
    await shoot(page, 'ending', scheme, width);
    await button('Back to rooms').click();
    await button('Delete Quiet corner').click();
    const kitchen = (await people.Jonas('GET', '/api/rooms')).rooms.find(({ name }) => name === 'Kitchen');
    await people.Jonas('DELETE', `/api/rooms/${kitchen.id}`);
    for (const call of Object.values(people)) await call('DELETE', '/api/session');
    await context.close();
  }
}
await browser.close();
server.kill();
