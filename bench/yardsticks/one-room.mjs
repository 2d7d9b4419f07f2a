const SWEEP_MS = 250;
const { LAST, WAIT_MS } = process.env;

/**
 * As little of a room as there can be, for yardsticks that hold polls: a number and a text for each message, in memory, and whoever
 * waits for the next. It knows nobody.
 */
export class OneRoom {
  #last = Number(LAST);
  #first = this.#last + 1;
  #entries = [];
  #waiting = [];

  constructor() {
    setInterval(() => this.#sweep(Date.now()), SWEEP_MS);
  }

  /**
   * @param waits whether the asker prefers to wait
   * @param answer told the body once there is something behind `after`, or the time is over
   */
  ask(after, waits, answer) {
    if (after < this.#last || !waits) answer(this.#write(this.#entries.slice(after + 1 - this.#first)));
    else this.#waiting.push({ until: Date.now() + Number(WAIT_MS), answer });
  }

  /** Tells all who wait. */
  post(text) {
    this.#last += 1;
    const at = new Date().toISOString();
    const entry = { seq: this.#last, kind: 'message', author: 'somebody', guest: true, text, at };
    this.#entries.push(entry);
    const told = this.#waiting;
    this.#waiting = [];
    const body = this.#write([entry]);
    for (const { answer } of told) answer(body);
    return entry;
  }

  /** They came one after the other, and wait equally long. */
  #sweep(now) {
    const over = this.#waiting.findIndex(({ until }) => until > now);
    const told = this.#waiting.splice(0, over < 0 ? this.#waiting.length : over);
    for (const { answer } of told) answer(this.#write([]));
  }

  #write(entries) {
    const head = {
      success: true,
      message: 'UP TO DATE',
      epoch: 'epoch',
      first: this.#first,
      last: this.#last,
    };
    return JSON.stringify({ ...head, entries });
  }
}
