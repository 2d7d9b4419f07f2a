import { Times } from './times.mjs';

/** Follows the words of a post: its number in this ledger, so that it is known again wherever it is read. */
const MARK = '#';

export const idIn = (text) => Number(text.slice(text.lastIndexOf(MARK) + 1));

/**
 * What was posted, and what each reader has had of it. Every reader must have every entry of its room once, in the one order;
 * and how long it took is told apart: what a reader waits until it asks, and what is the server's.
 */
export class Ledger {
  #posts = [];
  /** By room: the post that each number was seen to be, by whoever saw it first. */
  #orders = new Map();
  #acknowledged = new Map();
  delays = new Times();
  serverShares = new Times();
  posting = new Times();
  faults = { posts: 0, holes: 0, doubles: 0, disorders: 0 };
  /** Posts that were begun and neither stored nor refused so far. */
  unanswered = 0;

  /** @returns the text to post, which carries its number */
  begin(roomId, words, now) {
    this.unanswered += 1;
    const id = this.#posts.push({ roomId, sentAt: now, ackedAt: Infinity }) - 1;
    return { id, text: `${words} ${MARK}${id}` };
  }

  /** @param stored whether the server said so */
  acknowledge(id, stored, now) {
    const post = this.#posts[id];
    this.unanswered -= 1;
    if (!stored) {
      this.faults.posts += 1;
      return;
    }
    post.ackedAt = now;
    this.posting.add(now - post.sentAt);
    this.#acknowledged.set(post.roomId, (this.#acknowledged.get(post.roomId) ?? 0) + 1);
  }

  /**
   * A reader, whose `after` is where it stands, is told entries, in answer to what it asked at `askedAt` (or unasked: then it
   * never waits).
   */
  deliver(reader, entries, askedAt, now) {
    const order = this.#orderOf(reader.roomId);
    for (const { seq, text } of entries) {
      if (seq <= reader.after) {
        this.faults.doubles += 1;
        continue;
      }
      if (seq !== reader.after + 1) this.faults.holes += 1;
      reader.after = seq;
      const id = idIn(text);
      if (order[seq] === undefined) order[seq] = id;
      else if (order[seq] !== id) this.faults.disorders += 1;
      const post = this.#posts[id];
      if (post === undefined) continue;
      const delay = now - post.sentAt;
      this.delays.add(delay);
      this.serverShares.add(delay - Math.max(0, askedAt - post.ackedAt));
    }
  }

  /** What is measured begins now; what was posted and read is not forgotten. */
  beginMeasuring() {
    for (const times of [this.delays, this.serverShares, this.posting]) times.forget();
  }

  /** How many readers have not read as far as their room goes. `startedAt` is how far each room was when it began. */
  missing(readers, startedAt) {
    return readers.filter(
      ({ roomId, after }) => after < startedAt.get(roomId) + (this.#acknowledged.get(roomId) ?? 0),
    ).length;
  }

  #orderOf(roomId) {
    let order = this.#orders.get(roomId);
    if (order === undefined) this.#orders.set(roomId, (order = []));
    return order;
  }
}
