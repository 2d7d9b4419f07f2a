import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../find-chromium.mjs';

const MAIN = join(import.meta.dirname, '../../dist/server/main.js');

/** What keeps the browser from doing other things while it is measured. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1280,900',
];

export const chromiumPath = () => {
  const path = findChromium();
  if (path === null) throw new Error('No Chrome or Chromium was found: say where it is by CHROME_PATH.');
  return path;
};

/** The compiled server on a free port, its data in memory. */
export const openServer = async () => {
  const env = {
    ...process.env,
    PORT: '0',
    STORAGE: 'memory:',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    ROOM_HISTORY: '6000',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`))),
  ]);
  const address = String(line).trim();
  return {
    address,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
};

export const openBrowser = () => chromium.launch({ executablePath: chromiumPath(), args: QUIET });

/** Somebody who speaks plain HTTP. @returns {Promise<(method: string, path: string, body?: object) => Promise<any>>} */
export const visitor = async (/** @type {string} */ address, /** @type {string} */ username) => {
  let cookie = '';
  const call = async (method, path, body) => {
    const answer = await fetch(address + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    cookie ||= answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const read = await answer.json();
    if (!read.success) throw new Error(`${method} ${path}: ${read.message}`);
    return read;
  };
  await call('POST', '/api/session', { username });
  return call;
};

/** A room of somebody's with that many messages in it; @returns its id */
export const fullRoom = async (call, name, messages) => {
  const { room } = await call('POST', '/api/rooms', { name });
  await call('PUT', '/api/session/room', { roomId: room.id });
  const AT_ONCE = 25;
  for (let from = 0; from < messages; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, messages - from) }, (_, at) => from + at);
    await Promise.all(
      batch.map((at) =>
        call('POST', `/api/rooms/${room.id}/messages`, {
          clientMessageId: `full-${at}`,
          text: `Message ${at}: see https://example.org/${at} about the reading list and the rest of it.`,
        }),
      ),
    );
  }
  return room.id;
};

/**
 * A page as large as its window. One of an emulated size reaches below the window, and what changes there, like the message
 * box, is never drawn: its interactions then seem to last until something else is.
 */
export const AS_ITS_WINDOW = { viewport: null };

/** A guest with a page of their own, in the list of rooms. */
export const guest = async (browser, address, username, options = {}, prepare = async () => {}) => {
  const context = await browser.newContext({ baseURL: address, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await prepare(page);
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Display name' }).fill(username);
  await page.getByRole('button', { name: 'Continue as guest' }).press('Enter');
  await page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
  return page;
};

export const composer = (page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** Enters by keyboard, and waits until the whole log is there. */
export const enter = async (page, name, messages = 0) => {
  await page.getByRole('button', { name: `Join ${name}`, exact: true }).press('Enter');
  await composer(page).waitFor();
  await page.waitForFunction((least) => document.querySelectorAll('.log li').length >= least, messages);
};
