import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { atMost } from './tries.mjs';

const ASSETS = join(import.meta.dirname, '../../dist/client/assets');

const gzipped = (ending) =>
  readdirSync(ASSETS)
    .filter((name) => name.endsWith(ending))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }).length, 0);

/** What has to travel before anybody can do anything. */
export const weight = async ({ browser, address }) => {
  const page = await browser.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor();
  const requests = asked.filter((url) => !url.includes('favicon')).length;
  await page.close();
  return [
    atMost('JavaScript, minified and gzipped', 'B', 12_000, gzipped('.js')),
    atMost('CSS, gzipped', 'B', 5_000, gzipped('.css')),
    atMost('requests to the first usable view', '', 4, requests),
  ];
};
