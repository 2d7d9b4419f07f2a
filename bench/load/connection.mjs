import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const GZIPPED = /\r\ncontent-encoding: *gzip/i;
/** `HTTP/1.1 200`: the status begins here. */
const STATUS_AT = 9;
/** All connections read into this one: what is read is looked at before the next is. */
const shared = Buffer.allocUnsafe(256 * 1024);

/** The body that these chunks make, or null while there are more to come. */
const joined = (chunks) => {
  const parts = [];
  for (let at = 0; ;) {
    const lineEnd = chunks.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = parseInt(chunks.latin1Slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (next > chunks.length) return null;
    if (size === 0) return Buffer.concat(parts);
    parts.push(chunks.subarray(lineEnd + 2, next - 2));
    at = next;
  }
};

/** The whole answer with its body as it was meant, or null while there is more to come. */
const wholeOf = (answer, bodyAt, head) => {
  const length = LENGTH.exec(head);
  if (length === null && !CHUNKED.test(head)) throw new Error(`how long is this answer? ${head}`);
  if (length !== null && answer.length < bodyAt + Number(length[1])) return null;
  const body = length === null ? joined(answer.subarray(bodyAt)) : answer.subarray(bodyAt);
  if (body === null) return null;
  if (GZIPPED.test(head)) return Buffer.concat([answer.subarray(0, bodyAt), gunzipSync(body)]);
  return length === null ? Buffer.concat([answer.subarray(0, bodyAt), body]) : answer;
};

/**
 * One connection that is kept, and one question at a time over it. It reads as little of HTTP as it can: a generator that
 * cost as much as the server would measure itself.
 */
export class Connection {
  #socket;
  #answered = null;
  #failed = null;
  /** What has arrived of an answer that is not whole yet. */
  #partial = null;
  /** When it was last answered, for whoever keeps it. */
  idleSince = -Infinity;

  /** @returns a promise of a connection that is open */
  static open(address) {
    const { hostname, port } = new URL(address);
    const connection = new Connection();
    return new Promise((resolve, reject) => {
      const onread = {
        buffer: shared,
        callback: (size, buffer) => connection.#read(buffer.subarray(0, size)),
      };
      const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
      connection.#socket = socket;
      socket.once('connect', () => resolve(connection));
      socket.once('error', (error) => {
        reject(error);
        connection.#fail(error);
      });
      socket.once('close', () => connection.#fail(new Error('the server closed the connection')));
    });
  }

  /**
   * @param question a whole HTTP request
   * @param answered told `(status, answer, bodyAt)` once the answer is whole; the buffer is not its own to keep
   * @param failed told if the connection ends first, or has ended already; never before this returns
   */
  ask(question, answered, failed) {
    this.#answered = answered;
    this.#failed = failed;
    if (this.isOpen) this.#socket.write(question, 'latin1');
    else setImmediate(() => this.#fail(new Error('the server had closed the connection')));
  }

  /** The same as a promise of `{ status, head, body }`, for what is not measured. */
  request(question) {
    return new Promise((resolve, reject) =>
      this.ask(
        question,
        (status, answer, bodyAt) =>
          resolve({ status, head: answer.latin1Slice(0, bodyAt), body: answer.utf8Slice(bodyAt) }),
        reject,
      ),
    );
  }

  /** Whether a question can be asked over it: a server closes what was idle for long. */
  get isOpen() {
    return this.#socket.writable;
  }

  close() {
    this.#failed = null;
    this.#socket.destroy();
  }

  #read(chunk) {
    const answer = this.#partial === null ? chunk : Buffer.concat([this.#partial, chunk]);
    const headEnd = answer.indexOf(HEAD_END);
    const bodyAt = headEnd + HEAD_END.length;
    const whole = headEnd < 0 ? null : wholeOf(answer, bodyAt, answer.latin1Slice(0, headEnd));
    if (whole === null) {
      this.#partial = Buffer.from(answer);
      return true;
    }
    this.#partial = null;
    const answered = this.#answered;
    this.#answered = null;
    this.#failed = null;
    answered?.(Number(whole.latin1Slice(STATUS_AT, STATUS_AT + 3)), whole, bodyAt);
    return true;
  }

  #fail(error) {
    const failed = this.#failed;
    this.#failed = null;
    this.#answered = null;
    failed?.(error);
  }
}
