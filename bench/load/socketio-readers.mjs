import { Connection } from './connection.mjs';
import { getRequest } from './requests.mjs';
import { Times } from './times.mjs';
import { openWebSocket } from './websocket.mjs';

const OPENED_AT_ONCE = 50;
/* Packets of Engine.IO 4 and of Socket.IO 5 within its messages. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';
const ACKNOWLEDGEMENT = '43';
const BETWEEN = '\x1e';
const PATH = '/socket.io/?EIO=4&transport=';

/** One user's connection by WebSocket. @param hear told each packet */
const byWebSocket = (address, cookie, hear) => openWebSocket(address, `${PATH}websocket`, cookie, hear);

/** The same by HTTP long-polling: one request is held for what the server has to say, others say what the user has. */
const byPolling = async (address, cookie, hear) => {
  const { host } = new URL(address);
  const reading = await Connection.open(address);
  let writing = await Connection.open(address);
  const handshake = await reading.request(getRequest(host, `${PATH}polling`, cookie));
  const { sid } = JSON.parse(handshake.body.slice(1));
  const path = `${PATH}polling&sid=${sid}`;
  const unsent = [];
  let isSending = false;
  let isClosed = false;
  const failed = (error) => {
    if (!isClosed) throw error;
  };
  const sendOn = async () => {
    if (isSending || unsent.length === 0) return;
    isSending = true;
    /* A server closes what is idle for long, as this is when nobody says anything. */
    if (!writing.isOpen) writing = await Connection.open(address);
    if (isClosed) return writing.close();
    const text = unsent.splice(0).join(BETWEEN);
    const question =
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nContent-Type: text/plain;charset=UTF-8\r\n` +
      `Content-Length: ${text.length}\r\n\r\n${text}`;
    const sent = (status) => {
      if (status !== 200) throw new Error(`what was sent was answered ${status}`);
      isSending = false;
      sendOn();
    };
    writing.ask(question, sent, failed);
  };
  const readOn = () =>
    reading.ask(
      getRequest(host, path, cookie),
      (status, answer, bodyAt) => {
        if (status !== 200) throw new Error(`long polling was answered ${status}`);
        answer.utf8Slice(bodyAt).split(BETWEEN).forEach(hear);
        readOn();
      },
      failed,
    );
  readOn();
  setImmediate(hear, OPEN);
  return {
    send(text) {
      unsent.push(text);
      sendOn();
    },
    close() {
      isClosed = true;
      reading.close();
      writing.close();
    },
  };
};

const TRANSPORTS = { websocket: byWebSocket, polling: byPolling };

/** Readers who are told by socket.io, without asking. */
export class SocketIoReaders {
  #readers;
  #ledger;
  #users = [];
  #awaited = new Map();
  answers = new Times();
  lags = new Times();
  failed = 0;
  passed = 0;
  failures = {};

  constructor({ address, readers, transport }, ledger) {
    this.#readers = readers;
    this.#ledger = ledger;
    this.ready = this.#connectAll(address, TRANSPORTS[transport]);
  }

  async #connectAll(address, connect) {
    for (let from = 0; from < this.#readers.length; from += OPENED_AT_ONCE) {
      const some = this.#readers.slice(from, from + OPENED_AT_ONCE);
      await Promise.all(some.map((reader, at) => this.#connect(address, connect, reader, from + at)));
    }
  }

  #connect(address, connect, reader, at) {
    return new Promise((resolve, reject) => {
      const hear = (packet) => {
        if (packet.startsWith(EVENT)) this.#read(reader, packet);
        else if (packet.startsWith(ACKNOWLEDGEMENT)) this.#acknowledge(packet);
        else if (packet === PING) this.#users[at].send(PONG);
        else if (packet.startsWith(CONNECT)) resolve();
        else if (packet.startsWith(OPEN)) opened.then((user) => user.send(CONNECT), reject);
        else reject(new Error(`what does it mean? ${packet}`));
      };
      const opened = connect(address, reader.cookie, hear);
      opened.then((user) => (this.#users[at] = user), reject);
    });
  }

  start() {}

  post(at, id, text, done) {
    this.#awaited.set(String(id), done);
    this.#users[at].send(`${EVENT}${id}${JSON.stringify(['post', text])}`);
  }

  beginMeasuring() {
    this.answers.forget();
  }

  stop() {
    for (const user of this.#users) user.close();
  }

  #read(reader, packet) {
    const now = performance.now();
    const [, entry] = JSON.parse(packet.slice(EVENT.length));
    this.#ledger.deliver(reader, [entry], -Infinity, now);
  }

  #acknowledge(packet) {
    const [, id, given] = /^43(\d+)(.*)$/s.exec(packet);
    this.#awaited.get(id)(JSON.parse(given)[0] !== null);
    this.#awaited.delete(id);
  }
}
