import { DatabaseSync } from '@photostructure/sqlite';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { median } from '../report/statistics.mjs';

/*
 * What SQLite itself can: one row a commit, in a file as Parlour sets it up (write-ahead log, synchronous FULL), by the same
 * binding, one after the other. Asked over HTTP to begin, so that it is a server among servers: `GET /COMMITS` answers how
 * many milliseconds that many commits took, and one at the median.
 */
const database = new DatabaseSync(join(process.env.FOLDER, 'ceiling.db'));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE entries (roomId TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (roomId, seq)) STRICT, WITHOUT ROWID`);
const insert = database.prepare('INSERT INTO entries VALUES ($roomId, $seq, $text)');
const text = 'Shall we meet at the library at noon, and bring the notes along?';
let seq = 0;

const commits = (count) => {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const begun = performance.now();
    database.exec('BEGIN IMMEDIATE');
    insert.run({ roomId: 'room', seq: (seq += 1), text });
    database.exec('COMMIT');
    times.push(performance.now() - begun);
  }
  return { ms: times.reduce((sum, time) => sum + time), p50: median(times) };
};

const server = createServer((request, response) => {
  const body = JSON.stringify(commits(Number(request.url.split('/')[1])));
  response.writeHead(200, { 'Content-Length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
