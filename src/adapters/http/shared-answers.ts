import type { OnlineList } from '../../application/ports.js';
import type { ReadyAnswer } from './ready-answer.js';

/** So many are kept, and as many with the list: readers stand at few places, unless somebody makes places up. */
const MOST = 50;

interface Named {
  readonly name: string;
  readonly answer: ReadyAnswer;
}

/** The answers that readers of one outlook have in common. */
export class SharedAnswers {
  /** To whoever knows everything: nearly all of them, so it is found at once. */
  idle: ReadyAnswer | undefined = undefined;
  private readonly bare: Named[] = [];
  /** Those with the list of who is online: when that is another, they go. */
  private listed: Named[] = [];
  private list: OnlineList | null = null;

  /**
   * @param name what tells an answer from the others
   * @param list of who is online, where it is part of the answer
   */
  find(name: string, list: OnlineList | null, write: () => ReadyAnswer): ReadyAnswer {
    const kept = list === null ? this.bare : this.with(list);
    const found = kept.find((one) => one.name === name);
    if (found !== undefined) return found.answer;
    const answer = write();
    if (kept.length < MOST) kept.push({ name, answer });
    return answer;
  }

  private with(list: OnlineList): Named[] {
    if (list !== this.list) {
      this.list = list;
      this.listed = [];
    }
    return this.listed;
  }
}
