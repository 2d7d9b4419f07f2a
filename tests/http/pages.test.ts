import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from '../support/request.js';
import { useParlour } from './parlour.js';

/* A client of three files, beside a file that is nobody's business. */
const folder = mkdtempSync(join(tmpdir(), 'parlour-pages-'));
const client = join(folder, 'client');
const PAGE = '<!doctype html><title>Parlour</title>';
mkdirSync(join(client, 'assets'), { recursive: true });
writeFileSync(join(client, 'index.html'), PAGE);
writeFileSync(join(client, 'assets', 'main-0a1b2c.js'), 'export {};');
writeFileSync(join(client, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
writeFileSync(join(client, '.hidden'), 'hidden');
writeFileSync(join(folder, 'secret.txt'), 'secret');

const parlour = useParlour({}, { clientFolder: client });
const get = (path: string, headers: Record<string, string> = {}) =>
  request(parlour.address, path, { headers });

test('the page is served at each address that a view has, and is asked for anew each time', async () => {
  for (const path of ['/', '/rooms', '/rooms/', '/rooms/abc-DEF_1', '/?x=1']) {
    const { status, headers, body } = await get(path);
    expect([path, status, String(body)]).toEqual([path, 200, PAGE]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await get(path, { 'If-None-Match': headers.get('etag')! })).status).toBe(304);
  }
});

test('an asset that is named after its content is kept for ever, other files are not', async () => {
  const asset = await get('/assets/main-0a1b2c.js');
  expect([asset.status, String(asset.body)]).toEqual([200, 'export {};']);
  expect(asset.headers.get('content-type')).toMatch(/^(text|application)\/javascript; charset=utf-8$/);
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const icon = await get('/favicon.svg');
  expect([icon.status, icon.headers.get('cache-control')]).toEqual([200, 'no-cache']);
});

test('an address that there is not is 404; the page stands there too, and is asked for anew each time', async () => {
  for (const path of ['/nothing', '/rooms/a/b', '/assets/main-gone.js', '/index.php', '/.hidden', '/Rooms']) {
    const { status, headers, body } = await get(path);
    expect([path, status, String(body)]).toEqual([path, 404, PAGE]);
    expect(headers.get('cache-control')).toBe('no-cache');
  }
});

test('the API is at its own address only: in other letters it is a page that there is not', async () => {
  for (const path of ['/API/session', '/Api/Session', '/API/openapi.json', '/apiary', '/API']) {
    const { status, body } = await get(path);
    expect([path, status, String(body)]).toEqual([path, 404, PAGE]);
    const written = await request(parlour.address, path, { method: 'DELETE' });
    expect([path, written.status, String(written.body)]).toEqual([path, 405, 'Pages can only be read.']);
  }
});

test('nothing outside of the client’s folder is served, however its path is written, and no path is a fault', async () => {
  for (const path of [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/%00',
    '/index.html%00.js',
    '/rooms/%00',
    `/${'x'.repeat(5000)}`,
  ]) {
    const { status, body } = await get(path);
    expect(`${path} ${status}`).toMatch(/ (200|400|403|404)$/);
    expect(String(body)).not.toContain('secret');
  }
  const malformed = await get('/%E0%A4%A');
  expect(malformed.status).toBe(400);
});

test('a page can only be read', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    for (const path of ['/', '/rooms', '/assets/main-0a1b2c.js']) {
      const { status, headers } = await request(parlour.address, path, { method });
      expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, 'GET, HEAD']);
    }
  }
  const head = await request(parlour.address, '/', { method: 'HEAD' });
  expect([head.status, head.body.length, head.headers.get('content-length')]).toEqual([
    200,
    0,
    String(PAGE.length),
  ]);
});
