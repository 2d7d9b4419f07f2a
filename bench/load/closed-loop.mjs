import { randomBytes } from 'node:crypto';
import { createHistogram } from 'node:perf_hooks';
import { stayAwake } from './awake.mjs';
import { Connection } from './connection.mjs';
import { getRequest, jsonRequest, messagesPath, updatesPath } from './requests.mjs';

/** A message as people write them. */
const TEXT = 'Shall we meet at the library at noon, and bring the notes along?';

/** Whole polls, written once: a reader who has everything asks the same each time. */
const polls = (host, readers) => {
  const questions = readers.map((reader) => getRequest(host, updatesPath(reader), reader.cookie));
  return (at) => questions[at];
};

/** Each post has a key of its own, as each message has. */
const posts = (host, readers) => {
  const run = randomBytes(6).toString('hex');
  let count = 0;
  return (at) => {
    count += 1;
    const body = { clientMessageId: `${run}${count}`, text: TEXT };
    return jsonRequest('POST', host, messagesPath(readers[at]), readers[at].cookie, body);
  };
};

const WRITERS = { polls, posts };

/**
 * Asks for so many answers in all, each connection with the next question once the last is answered; the readers are
 * gone through in turn.
 * @param addresses of one server, or of several that are one service: the connections are spread over them
 * @param kind `polls` or `posts`
 * @param awake whether this process has the core to itself and never sleeps
 * @param everyMs how long a connection waits from one question to the next at least
 * @returns how many were answered and how many not as wanted, milliseconds of the whole and of an answer at the median
 *   and at the 99th percentile
 */
export const closedLoop = async ({
  addresses,
  connections,
  answers,
  kind,
  readers,
  everyMs = 0,
  awake = false,
}) => {
  const question = WRITERS[kind](new URL(addresses[0]).host, readers);
  const wanted = kind === 'posts' ? 201 : 200;
  const times = createHistogram({ figures: 3 });
  let asked = 0;
  let failed = 0;
  const one = (connection, from) =>
    new Promise((resolve, reject) => {
      let at = from % readers.length;
      let askedAt;
      const ask = () => {
        if (asked >= answers) return resolve();
        asked += 1;
        const next = question(at);
        at = (at + connections) % readers.length;
        askedAt = performance.now();
        connection.ask(next, answered, reject);
      };
      const answered = (status) => {
        times.record(Math.max(1, Math.round((performance.now() - askedAt) * 1000)));
        if (status !== wanted) failed += 1;
        const left = askedAt + everyMs - performance.now();
        if (left > 0) setTimeout(ask, left);
        else ask();
      };
      ask();
    });
  const open = await Promise.all(
    Array.from({ length: connections }, (_, at) => Connection.open(addresses[at % addresses.length])),
  );
  const rest = awake ? stayAwake() : () => {};
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(open.map((connection, from) => one(connection, from)));
  const ms = performance.now() - begun;
  rest();
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of open) connection.close();
  return {
    answered: asked,
    failed,
    ms,
    p50: times.percentile(50) / 1000,
    p99: times.percentile(99) / 1000,
    ownMicros: (user + system) / asked,
  };
};
