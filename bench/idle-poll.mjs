import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMicros, loader, serve } from './servers.mjs';

const USERS = 1000;
const CONNECTIONS = 50;
const ANSWERS = 20_000;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** What every answer has anew, or Node adds by itself. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'content-length']);

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Users in one room, and the poll that each of them asks when nothing is new. */
const settle = async (address) => {
  const post = (path, body, cookie, method = 'POST') =>
    fetch(address + path, {
      method,
      headers: { ...JSON_TYPE, ...(cookie && { Cookie: cookie }) },
      body: JSON.stringify(body),
    });
  const cookies = [];
  for (let at = 0; at < USERS; at += 1) {
    const answer = await post('/api/session', { username: `user${at}` });
    cookies.push(answer.headers.get('set-cookie').split(';')[0]);
  }
  const { room } = await (await post('/api/rooms', { name: 'Bench', capacity: 1000 }, cookies[0])).json();
  let online;
  for (const cookie of cookies) {
    const entered = await (await post('/api/session/room', { roomId: room.id }, cookie, 'PUT')).json();
    online = entered;
  }
  const path = `/api/rooms/${room.id}/updates?after=0&epoch=${online.epoch}&online=${online.online.version}`;
  return cookies.map((cookie) => ({ path, cookie }));
};

const question = (address, path, cookie) =>
  `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nCookie: ${cookie}\r\nAccept: application/json\r\n` +
  `Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nAccept-Encoding: gzip, deflate, br\r\n` +
  `User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n\r\n`;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const folder = mkdtempSync(join(tmpdir(), 'parlour-bench-'));
const LONG = { ONLINE_TTL_MS: '600000', LOG_LEVEL: 'warn' };
const parlours = {
  'Parlour, memory': await serve('dist/server/main.js', { PORT: '0', STORAGE: 'memory:', ...LONG }),
  'Parlour, SQLite': await serve('dist/server/main.js', {
    PORT: '0',
    STORAGE: `sqlite:${join(folder, 'bench.db')}`,
    ...LONG,
  }).catch(() => null),
};
const contestants = [];
let sample;
for (const [name, server] of Object.entries(parlours)) {
  if (server === null) continue;
  const polls = await settle(server.address);
  const [{ path, cookie }] = polls;
  const answer = await fetch(server.address + path, { headers: { Cookie: cookie } });
  const headers = Object.fromEntries([...answer.headers].filter(([header]) => !OWN.has(header)));
  sample ??= { body: await answer.text(), headers: JSON.stringify(headers), path };
  contestants.push({
    name,
    server,
    questions: polls.map((poll) => question(server.address, poll.path, poll.cookie)),
  });
}
for (const [name, file] of [
  ['Koa + router, same bytes', 'bench/yardsticks/koa-router.mjs'],
  ['node:http, same bytes', 'bench/yardsticks/node-http.mjs'],
]) {
  const server = await serve(file, { BODY: sample.body, HEADERS: sample.headers });
  contestants.push({
    name,
    server,
    questions: [question(server.address, sample.path, 'parlour=x'.padEnd(51, 'x'))],
  });
}

const generator = loader();
const rounds = [];
for (let round = -1; round < ROUNDS; round += 1) {
  const micros = {};
  for (const { name, server, questions } of contestants) {
    const before = cpuMicros(server.pid);
    const { answered, failed } = await generator.run(server.address, {
      connections: CONNECTIONS,
      answers: ANSWERS,
      questions,
    });
    if (failed > 0) throw new Error(`${name}: ${failed} of ${answered} answers were not 200`);
    micros[name] = (cpuMicros(server.pid) - before) / answered;
  }
  if (round >= 0) rounds.push(micros);
}
generator.stop();
await Promise.all(contestants.map(({ server }) => server.stop()));
rmSync(folder, { recursive: true, force: true });

const yardstick = 'Koa + router, same bytes';
console.table(
  contestants.map(({ name }) => {
    const ratios = rounds.map((micros) => micros[yardstick] / micros[name]);
    return {
      name,
      'CPU µs an answer (median)': median(rounds.map((micros) => micros[name])).toFixed(1),
      'of Koa + router (median)': median(ratios).toFixed(2),
      spread: `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    };
  }),
);
