import type { HeldPoll } from './held-poll.js';

/**
 * So many look in one turn of the event loop, the largest room at once; then it is somebody else's. With fewer, those who
 * were answered first would ask again before the last ones are, who would hear of a message twice as late.
 */
const AT_ONCE = 1000;

const addTo = (index: Map<string, Set<HeldPoll>>, key: string, held: HeldPoll): Set<HeldPoll> => {
  let list = index.get(key);
  if (list === undefined) {
    list = new Set();
    index.set(key, list);
  }
  return list.add(held);
};

/** The polls that are held here, by room and by user. */
export class HeldPolls {
  private readonly ofRoom = new Map<string, Set<HeldPoll>>();
  private readonly ofUser = new Map<string, Set<HeldPoll>>();
  /** Those that something may be new for: rooms take turns. */
  private readonly due: Set<HeldPoll>[] = [];
  private isClosed = false;

  /**
   * @param later calls back in the next turn of the event loop
   * @param atOnce how many look in one turn
   */
  constructor(
    private readonly later: (work: () => void) => void,
    private readonly atOnce = AT_ONCE,
  ) {}

  get rooms(): ReadonlyMap<string, ReadonlySet<HeldPoll>> {
    return this.ofRoom;
  }

  /** From now on it is roused; so it is to be here before it looks for the first time. */
  add(held: HeldPoll): void {
    held.isOver ||= this.isClosed;
    addTo(this.ofUser, held.member.userId, held);
    held.list = addTo(this.ofRoom, held.roomId, held);
  }

  remove(held: HeldPoll): void {
    this.takeOff(held);
    const own = this.ofUser.get(held.member.userId);
    if (own?.delete(held) && own.size === 0) this.ofUser.delete(held.member.userId);
  }

  /** Something was written under these ids, of rooms or of users. */
  heed(ids: Iterable<string>): void {
    for (const id of ids) {
      const room = this.ofRoom.get(id);
      if (room !== undefined) {
        this.ofRoom.delete(id);
        this.makeDue(room);
      }
      const own = this.ofUser.get(id);
      if (own !== undefined) this.wake(own);
    }
  }

  wake(some: Iterable<HeldPoll>): void {
    const woken = new Set<HeldPoll>();
    for (const held of some) {
      this.takeOff(held);
      held.list = woken.add(held);
    }
    if (woken.size > 0) this.makeDue(woken);
  }

  /** Anything may have been written. */
  wakeAll(): void {
    this.heed([...this.ofRoom.keys()]);
  }

  /** Answers all, and holds none any more. */
  close(): void {
    this.isClosed = true;
    for (const own of this.ofUser.values()) for (const held of own) held.isOver = true;
    this.wakeAll();
  }

  private takeOff(held: HeldPoll): void {
    const { list, roomId } = held;
    held.list = null;
    if (list?.delete(held) && list.size === 0 && this.ofRoom.get(roomId) === list) this.ofRoom.delete(roomId);
  }

  private makeDue(list: Set<HeldPoll>): void {
    if (this.due.push(list) === 1) this.later(() => this.rouseSome());
  }

  /** Each is on its room's list again before it looks, so that what is written meanwhile is not missed. */
  private rouseSome(): void {
    const list = this.due.shift()!;
    let left = this.atOnce;
    for (const held of list) {
      if (left-- === 0) break;
      list.delete(held);
      held.list = addTo(this.ofRoom, held.roomId, held);
      held.rouse();
    }
    if (list.size > 0) this.due.push(list);
    if (this.due.length > 0) this.later(() => this.rouseSome());
  }
}
