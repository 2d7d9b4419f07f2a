import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import desktop from 'lighthouse/core/config/desktop-config.js';
import { chromium } from 'playwright-core';
import { freePort } from '../free-port.mjs';
import { chromiumPath, QUIET, visitor } from './house.mjs';
import { median } from './tries.mjs';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/** Lighthouse sometimes loses the beginning of its own recording on a busy machine, and asks to be run again. */
const ATTEMPTS = 3;

const recorded = async (url, port, config, attempt = 1) => {
  const options = { port, logLevel: 'error', onlyCategories: CATEGORIES, disableStorageReset: true };
  const { lhr } = await lighthouse(url, options, config);
  if (!lhr.runtimeError) return lhr;
  if (attempt === ATTEMPTS) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return recorded(url, port, config, attempt + 1);
};

/** Only what weighs in a score: hints that cost nothing are not named. */
const audit = async (url, port, config) => {
  const lhr = await recorded(url, port, config);
  const weighing = CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs).filter(
    ({ weight }) => weight > 0,
  );
  const failing = weighing
    .map(({ id }) => lhr.audits[id])
    .filter(({ score }) => score !== null && score < 0.9)
    .map(({ id, displayValue }) => [id, displayValue].filter(Boolean).join(' '));
  return { scores: CATEGORIES.map((name) => Math.round(lhr.categories[name].score * 100)), failing };
};

/** A page that is at 100 is so in one go; one that is not is tried twice more, and the middle counts. */
const judge = async (url, port, config) => {
  const seen = [await audit(url, port, config)];
  while (seen.length < 3 && seen[0].scores.some((score) => score < 100))
    seen.push(await audit(url, port, config));
  return {
    scores: CATEGORIES.map((_, at) => median(seen.map(({ scores }) => scores[at]))),
    failing: [...new Set(seen.flatMap(({ failing }) => failing))],
  };
};

/** Lighthouse's four scores of each view, on a phone and on a desktop, in the very session of somebody logged in. */
export const lighthouseScores = async ({ address }) => {
  const folder = await mkdtemp(join(tmpdir(), 'parlour-lighthouse-'));
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    args: [...QUIET, `--remote-debugging-port=${port}`],
  });
  const rows = [];
  const look = async (view, path) => {
    for (const [device, config] of Object.entries({ phone: undefined, desktop })) {
      const { scores, failing } = await judge(address + path, port, config);
      rows.push({
        what: `Lighthouse, ${view}, ${device}`,
        budget: '100 · 100 · 100 · 100',
        measured: [scores.join(' · '), ...(scores.every((score) => score === 100) ? [] : failing)].join('; '),
        holds: scores.every((score) => score === 100),
      });
    }
  };
  try {
    await look('welcome', '/');
    await visitor(address, 'Lantern0').then((call) => call('POST', '/api/rooms', { name: 'Lighthouse' }));
    const said = async (method, path, data) => {
      const answer = await context.request.fetch(address + path, { method, data });
      if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()}`);
      return answer.json();
    };
    await said('POST', '/api/session', { username: 'Keeper1' });
    await look('rooms', '/rooms');
    const { rooms } = await said('GET', '/api/rooms');
    const { id } = rooms.find(({ name }) => name === 'Lighthouse');
    await said('PUT', '/api/session/room', { roomId: id });
    for (let at = 0; at < 30; at += 1) {
      const message = { clientMessageId: `light-${at}`, text: `Line ${at} of the log` };
      await said('POST', `/api/rooms/${id}/messages`, message);
    }
    await look('room', `/rooms/${id}`);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
  return rows;
};
