/** What one room is known to hold: by what was acknowledged, and by what anybody read. */
class RoomSeen {
  newest = 0;
  acknowledged = new Map();
  read = new Map();
  epoch = null;

  constructor(id) {
    this.id = id;
  }
}

/** Holds what is seen against what was promised. */
export class Witness {
  violations = [];
  /** When a post was acknowledged, and by which instance, in the order of time. */
  acknowledgements = [];
  polls = 0;
  entriesRead = 0;
  rooms = new Map();

  room(id) {
    if (!this.rooms.has(id)) this.rooms.set(id, new RoomSeen(id));
    return this.rooms.get(id);
  }

  violated(what) {
    this.violations.push(what);
  }

  acknowledge(room, { seq, text }, instance) {
    this.acknowledgements.push({ at: performance.now(), room, instance });
    const before = room.acknowledged.get(seq);
    if (before !== undefined) this.violated(`number ${seq} was given to “${before}” and to “${text}”`);
    room.acknowledged.set(seq, text);
    room.newest = Math.max(room.newest, seq);
  }

  /**
   * What a reader at `cursor` is answered; moves the cursor on.
   * @param least the newest post that had been acknowledged when the reader asked
   */
  answered(room, reader, cursor, least, { epoch, first, last, entries, more, reset, missed }) {
    this.polls += 1;
    room.epoch ??= epoch;
    if (epoch !== room.epoch || reset) this.violated(`${reader} was told to start over`);
    if (missed || first !== 1) this.violated(`${reader} was told that entries are gone`);
    if (last < least) this.violated(`${reader} was answered up to ${last}, after ${least} was acknowledged`);
    for (const { seq, text, author } of entries) {
      if (seq !== cursor.after + 1) this.violated(`${reader} got ${seq} after ${cursor.after}`);
      const before = room.read.get(seq);
      if (before !== undefined && before !== text)
        this.violated(`number ${seq} was read as “${before}” and as “${text}”`);
      if (!text.startsWith(`${author} `)) this.violated(`“${text}” was shown as ${author}'s`);
      room.read.set(seq, text);
      cursor.after = seq;
      this.entriesRead += 1;
    }
    if (!more && cursor.after !== last) this.violated(`${reader} was left at ${cursor.after} of ${last}`);
  }

  /** @param logs the room's whole log, as each instance gives it */
  compare(room, logs) {
    const [log] = logs;
    if (new Set(logs.map((one) => JSON.stringify(one))).size > 1)
      this.violated(`the instances give different logs of ${room.id}`);
    if (log.some(({ seq }, at) => seq !== at + 1)) this.violated(`${room.id} has a hole`);
    const texts = new Map(log.map(({ seq, text }) => [text, seq]));
    if (texts.size !== log.length) this.violated(`${room.id} has a double`);
    for (const [seq, text] of room.acknowledged)
      if (texts.get(text) !== seq)
        this.violated(`“${text}” was acknowledged as ${seq} and is ${texts.get(text) ?? 'nowhere'}`);
    for (const [seq, text] of room.read)
      if (log[seq - 1]?.text !== text) this.violated(`“${text}” was read as ${seq} and is not there`);
    if (log.length !== room.acknowledged.size)
      this.violated(`${room.id} has ${log.length} entries, and ${room.acknowledged.size} were acknowledged`);
    const turns = new Map();
    for (const { author, text } of log) {
      const turn = Number(text.split(' ')[1]);
      if (turn !== (turns.get(author) ?? 0) + 1) this.violated(`“${text}” is out of its author's order`);
      turns.set(author, turn);
    }
  }
}

/** The longest time without an acknowledged post from `from` to `until`, in milliseconds. */
export const longestGap = (acknowledgements, from, until) => {
  const times = acknowledgements.map(({ at }) => at).filter((at) => at > from && at < until);
  const ends = [from, ...times, until];
  return Math.max(...times.concat(until).map((at, index) => at - ends[index]));
};

/** The room that stood still for longest, as above: `{ room, gap }`. A room without any post counts as well. */
export const longestRoomGap = (acknowledgements, rooms, from, until) =>
  rooms
    .map((room) => {
      const own = acknowledgements.filter((one) => one.room === room);
      return { room, gap: longestGap(own, from, until) };
    })
    .reduce((longest, one) => (one.gap > longest.gap ? one : longest));
