import { createServer } from 'node:http';
import pg from 'pg';
import { median } from '../report/statistics.mjs';

/*
 * What PostgreSQL itself can: one row a commit, by the same driver, on so many connections at once. Asked over HTTP to
 * begin: `GET /COMMITS/CONNECTIONS` answers how many milliseconds that many commits took, and one at the median.
 */
const clients = new Map();

const clientsFor = async (count) => {
  if (!clients.has(count)) {
    const made = Array.from({ length: count }, () => new pg.Client(process.env.ADDRESS));
    await Promise.all(made.map((client) => client.connect()));
    clients.set(count, made);
  }
  return clients.get(count);
};

const setUp = new pg.Client(process.env.ADDRESS);
await setUp.connect();
await setUp.query(
  'CREATE TABLE ceiling ("roomId" text NOT NULL, seq bigint NOT NULL, text text NOT NULL, PRIMARY KEY ("roomId", seq))',
);
await setUp.end();

const insert = { name: 'insert', text: 'INSERT INTO ceiling VALUES ($1, $2, $3)' };
const text = 'Shall we meet at the library at noon, and bring the notes along?';
let seq = 0;

const commits = async (count, connections) => {
  const open = await clientsFor(connections);
  const until = seq + count;
  const times = [];
  const one = async (client) => {
    const begun = performance.now();
    await client.query({ ...insert, values: ['room', (seq += 1), text] });
    times.push(performance.now() - begun);
  };
  const begun = performance.now();
  await Promise.all(
    open.map(async (client) => {
      while (seq < until) await one(client);
    }),
  );
  return { ms: performance.now() - begun, p50: median(times) };
};

const server = createServer(async (request, response) => {
  const [, count, connections] = request.url.split('/').map(Number);
  const body = JSON.stringify(await commits(count, connections));
  response.writeHead(200, { 'Content-Length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
