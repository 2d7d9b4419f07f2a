import { randomBytes } from 'node:crypto';
import { Connection } from './connection.mjs';
import { getRequest, jsonRequest, messagesPath, updatesPath } from './requests.mjs';
import { Times } from './times.mjs';

const TICK_MS = 1;
/** So long after an answer left, the next question of one who is always held arrives: a round trip, as over a network. */
const ROUND_TRIP_MS = 50;
const BRACKET = 0x5b;
/** Longer than so, no connection is relied upon: servers close what was idle for 65 s, perhaps just when it is used. */
const LONGEST_IDLE_MS = 60_000;

/** `…"entries":[]}`: the one answer that brings nothing, and nearly all of them; it is not worth parsing. */
const isNothing = (answer) => answer[answer.length - 3] === BRACKET;

/**
 * Readers who ask and post over HTTP, each over connections of their own: over that which was used last of those that are not
 * waiting for an answer, and where there is none, over a new one, which is kept, as a browser does.
 *
 * Asking every so often (`everyMs`), each has its moment within that time and keeps to it, whatever the others wait for; one
 * who still waits when the next moment has come lets it pass. They come one after the other in the first `arriveMs`. Held (`waitSeconds`), each asks again a
 * round trip after it is answered.
 */
export class HttpReaders {
  #address;
  #host;
  #readers;
  #ledger;
  #everyMs;
  #arriveMs;
  #more;
  /** Of each reader, the connections over which nothing is asked. */
  #idle;
  #opened = new Set();
  #soon = [];
  #timer = null;
  #stopped = false;
  #run = randomBytes(6).toString('hex');
  answers = new Times();
  /** How much later than wanted a question was asked: the generator's own fault, and nobody else's. */
  lags = new Times();
  failed = 0;
  passed = 0;
  /** What was answered instead, or became of the connection: how often. */
  failures = {};

  constructor({ address, readers, everyMs, waitSeconds, arriveMs }, ledger) {
    this.#address = address;
    this.#host = new URL(address).host;
    this.#readers = readers;
    this.#idle = readers.map(() => []);
    this.#ledger = ledger;
    this.#everyMs = everyMs;
    this.#arriveMs = arriveMs;
    this.#more = waitSeconds === undefined ? '' : `Prefer: wait=${waitSeconds}\r\n`;
  }

  start() {
    if (this.#everyMs === undefined) this.#readers.forEach((_, at) => this.#ask(at, performance.now()));
    else this.#keepAsking(performance.now());
  }

  /** Posts for a reader; `done` is told whether it was stored. */
  async post(at, id, text, done) {
    const reader = this.#readers[at];
    const body = { clientMessageId: `${this.#run}${id}`, text };
    const fail = (why) => {
      this.#fail(`a post: ${why}`);
      done(false);
    };
    try {
      const connection = this.#idleOf(at) ?? (await this.#open());
      connection.ask(
        jsonRequest('POST', this.#host, messagesPath(reader), reader.cookie, body),
        (status) => {
          this.#rest(at, connection);
          if (status === 201) done(true);
          else fail(`answered ${status}`);
        },
        (error) => fail(error.message),
      );
    } catch (error) {
      fail(error.message);
    }
  }

  #fail(why) {
    this.failed += 1;
    this.failures[why] = (this.failures[why] ?? 0) + 1;
  }

  /** The connection of a reader's that was used last, of those that the server has not closed meanwhile, and is not about to. */
  #idleOf(at) {
    for (let connection; (connection = this.#idle[at].pop()) !== undefined;) {
      if (connection.isOpen && performance.now() - connection.idleSince < LONGEST_IDLE_MS) return connection;
      connection.close();
      this.#opened.delete(connection);
    }
    return undefined;
  }

  async #open() {
    const connection = await Connection.open(this.#address);
    this.#opened.add(connection);
    return connection;
  }

  #rest(at, connection) {
    connection.idleSince = performance.now();
    this.#idle[at].push(connection);
  }

  beginMeasuring() {
    this.answers.forget();
    this.lags.forget();
    this.failed = 0;
    this.passed = 0;
    this.failures = {};
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const connection of this.#opened) connection.close();
  }

  /** One timer for all: at each tick it asks for those whose moment has come. */
  #keepAsking(begun) {
    const { length } = this.#readers;
    let next = 0;
    const tick = () => {
      const now = performance.now();
      for (;;) {
        const due = begun + (next / length) * this.#everyMs;
        if (due > now) break;
        const at = next % length;
        if (at < length * ((now - begun) / this.#arriveMs)) this.#ask(at, due);
        next += 1;
      }
      this.#timer = setTimeout(tick, TICK_MS);
    };
    tick();
  }

  #ask(at, due) {
    const reader = this.#readers[at];
    if (reader.isWaiting) {
      this.passed += 1;
      return;
    }
    reader.isWaiting = true;
    const connection = this.#idleOf(at);
    if (connection !== undefined) this.#askOver(connection, at, due);
    else this.#askOverNew(at, due);
  }

  async #askOverNew(at, due) {
    try {
      this.#askOver(await this.#open(), at, due);
    } catch (error) {
      this.#lose(at, error);
    }
  }

  #askOver(connection, at, due) {
    const reader = this.#readers[at];
    const askedAt = performance.now();
    this.lags.add(askedAt - due);
    connection.ask(
      getRequest(this.#host, updatesPath(reader), reader.cookie, this.#more),
      (status, answer, bodyAt) => {
        this.#rest(at, connection);
        this.#hear(at, askedAt, status, answer, bodyAt);
      },
      (error) => this.#lose(at, error),
    );
  }

  /** That a connection ended with a question on it is a fault; the reader asks again over another. */
  #lose(at, error) {
    this.#fail(`a poll: ${error.message}`);
    this.#readers[at].isWaiting = false;
    this.#askAgain(at, performance.now());
  }

  #hear(at, askedAt, status, answer, bodyAt) {
    const reader = this.#readers[at];
    const now = performance.now();
    reader.isWaiting = false;
    this.answers.add(now - askedAt);
    if (status !== 200) this.#fail(`a poll: answered ${status}`);
    else if (!isNothing(answer)) this.#read(reader, answer.utf8Slice(bodyAt), askedAt, now);
    this.#askAgain(at, now);
  }

  /**
   * Whoever is always held asks again a round trip later. All wait equally long, so that they come up in the order in which
   * they went in, by one timer.
   */
  #askAgain(at, now) {
    if (this.#everyMs !== undefined) return;
    if (this.#soon.push({ at, due: now + ROUND_TRIP_MS }) > 1) return;
    const next = () => {
      const now = performance.now();
      let asked = 0;
      for (const one of this.#soon) {
        if (one.due > now || this.#stopped) break;
        this.#ask(one.at, one.due);
        asked += 1;
      }
      this.#soon.splice(0, asked);
      if (this.#soon.length > 0 && !this.#stopped) setTimeout(next, TICK_MS);
    };
    setTimeout(next, TICK_MS);
  }

  #read(reader, body, askedAt, now) {
    const { entries, online, reset, missed } = JSON.parse(body);
    if (reset || missed > 0) this.#ledger.faults.holes += 1;
    if (online) reader.online = online.version;
    this.#ledger.deliver(reader, entries, askedAt, now);
  }
}
