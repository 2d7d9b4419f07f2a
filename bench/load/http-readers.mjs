import { randomBytes } from 'node:crypto';
import { Connection } from './connection.mjs';
import { getRequest, jsonRequest, messagesPath, updatesPath } from './requests.mjs';
import { Times } from './times.mjs';

const OPENED_AT_ONCE = 100;
const TICK_MS = 1;
const BRACKET = 0x5b;

/** `…"entries":[]}`: the one answer that brings nothing, and nearly all of them; it is not worth parsing. */
const isNothing = (answer) => answer[answer.length - 3] === BRACKET;

const openAll = async (address, count) => {
  const open = [];
  while (open.length < count) {
    const more = Math.min(OPENED_AT_ONCE, count - open.length);
    open.push(...(await Promise.all(Array.from({ length: more }, () => Connection.open(address)))));
  }
  return open;
};

/**
 * Readers who ask over HTTP, each over a connection of their own, and post over others, as a browser does.
 *
 * Asking every so often (`everyMs`), each has its moment within that time and keeps to it, whatever the others wait for; one
 * who still waits when the next moment has come lets it pass. Held (`waitSeconds`), each asks again when it is answered.
 */
export class HttpReaders {
  #host;
  #readers;
  #ledger;
  #everyMs;
  #more;
  #connections;
  #posters;
  #timer = null;
  #stopped = false;
  #run = randomBytes(6).toString('hex');
  answers = new Times();
  /** How much later than wanted a question was asked: the generator's own fault, and nobody else's. */
  lags = new Times();
  failed = 0;
  passed = 0;

  constructor({ address, readers, everyMs, waitSeconds, posters = 50 }, ledger) {
    this.#host = new URL(address).host;
    this.#readers = readers;
    this.#ledger = ledger;
    this.#everyMs = everyMs;
    this.#more = waitSeconds === undefined ? '' : `Prefer: wait=${waitSeconds}\r\n`;
    this.ready = this.#open(address, posters);
  }

  async #open(address, posters) {
    this.#connections = await openAll(address, this.#readers.length);
    this.#posters = await openAll(address, posters);
  }

  start() {
    if (this.#everyMs === undefined) this.#readers.forEach((_, at) => this.#ask(at, performance.now()));
    else this.#keepAsking(performance.now());
  }

  /** Posts for a reader; `done` is told whether it was stored. */
  post(at, id, text, done) {
    const connection = this.#posters.pop();
    if (connection === undefined) return done(false);
    const reader = this.#readers[at];
    const body = { clientMessageId: `${this.#run}${id}`, text };
    connection.ask(
      jsonRequest('POST', this.#host, messagesPath(reader), reader.cookie, body),
      (status) => {
        this.#posters.push(connection);
        done(status === 201);
      },
      () => done(false),
    );
  }

  beginMeasuring() {
    this.answers.forget();
    this.lags.forget();
    this.failed = 0;
    this.passed = 0;
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const connection of [...this.#connections, ...this.#posters]) connection.close();
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
        this.#ask(next % length, due);
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
    const askedAt = performance.now();
    this.lags.add(askedAt - due);
    this.#connections[at].ask(
      getRequest(this.#host, updatesPath(reader), reader.cookie, this.#more),
      (status, answer, bodyAt) => this.#hear(at, askedAt, status, answer, bodyAt),
      () => (this.failed += 1),
    );
  }

  #hear(at, askedAt, status, answer, bodyAt) {
    const reader = this.#readers[at];
    const now = performance.now();
    reader.isWaiting = false;
    this.answers.add(now - askedAt);
    if (status !== 200) this.failed += 1;
    else if (!isNothing(answer)) this.#read(reader, answer.utf8Slice(bodyAt), askedAt, now);
    if (this.#everyMs === undefined && !this.#stopped) this.#ask(at, now);
  }

  #read(reader, body, askedAt, now) {
    const { entries, online, reset, missed } = JSON.parse(body);
    if (reset || missed > 0) this.#ledger.faults.holes += 1;
    if (online) reader.online = online.version;
    this.#ledger.deliver(reader, entries, askedAt, now);
  }
}
