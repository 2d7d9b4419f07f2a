import { DatabaseSync } from '@photostructure/sqlite';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../report/statistics.mjs';

/*
 * What SQLite itself can: one row a commit, in a file as Parlour sets it up (write-ahead log, synchronous FULL), by the same
 * binding, one after the other. Asked over HTTP to begin, so that it is a server among servers: `GET /COMMITS` answers how
 * many milliseconds that many commits took in sum, and one at the median, at p99 and at most; `GET /COMMITS?everyMs=MS` has them
 * begin that far apart.
 */
const database = new DatabaseSync(join(process.env.FOLDER, `ceiling-${process.pid}.db`));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE entries (roomId TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (roomId, seq)) STRICT, WITHOUT ROWID`);
const insert = database.prepare('INSERT INTO entries VALUES ($roomId, $seq, $text)');
const text = 'Shall we meet at the library at noon, and bring the notes along?';
let seq = 0;

const commit = () => {
  const begun = performance.now();
  database.exec('BEGIN IMMEDIATE');
  insert.run({ roomId: 'room', seq: (seq += 1), text });
  database.exec('COMMIT');
  return performance.now() - begun;
};

const commits = async (count, everyMs) => {
  const times = [];
  const begun = performance.now();
  for (let done = 0; done < count; done += 1) {
    if (everyMs > 0) await pause(begun + done * everyMs - performance.now());
    times.push(commit());
  }
  return {
    ms: times.reduce((sum, time) => sum + time),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: Math.max(...times),
  };
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const body = JSON.stringify(
    await commits(Number(pathname.split('/')[1]), Number(searchParams.get('everyMs') ?? 0)),
  );
  response.writeHead(200, { 'Content-Length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
