import { behind, type Range } from './keys.js';
import type { Answer, Cell, Change, Question, Scan, Store } from './store.js';

/** What is stored, as one reader sees it: fixed by its first question. */
export class View {
  /** The number of the commit that was the last at the first question. */
  protected at: string | null = null;
  private first: Promise<Answer> | null = null;

  constructor(private readonly store: Store) {}

  async ask(question: Question): Promise<Answer> {
    if (this.first === null) {
      this.first = this.store.read(null, question);
      const answer = await this.first;
      this.at = answer.at;
      return answer;
    }
    await this.first;
    return this.store.read(this.at, question);
  }

  /** The values under these keys, from JSON. */
  async values<S>(keys: readonly string[]): Promise<(S | null)[]> {
    if (keys.length === 0) return [];
    return (await this.ask({ keys })).values.map((value) =>
      value === null ? null : (JSON.parse(value) as S),
    );
  }

  async value<S>(key: string): Promise<S | null> {
    return (await this.values<S>([key]))[0]!;
  }

  async scan(scan: Scan): Promise<readonly Cell[]> {
    return (await this.ask({ scans: [scan] })).scans[0]!;
  }
}

/** Of the places where keys differ first, UTF-8 and code points agree, and UTF-16 does not. */
const compare = (a: Cell, b: Cell): number => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));

/** A view, and what is to be stored on top of it: all at once, if what was read is still so then. */
export class Transaction extends View {
  /** The first thing that went wrong: whatever the work makes of it, nothing is stored then. */
  failure: { readonly error: unknown } | null = null;
  private readonly known = new Map<string, string | null>();
  private readonly writes = new Map<string, string | null>();
  private readonly ranges: Range[] = [];

  override async ask(question: Question): Promise<Answer> {
    try {
      return await super.ask(question);
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }

  override async values<S>(keys: readonly string[]): Promise<(S | null)[]> {
    const unknown = keys.filter((key) => !this.known.has(key));
    if (unknown.length > 0) {
      const { values } = await this.ask({ keys: unknown });
      unknown.forEach((key, at) => this.known.set(key, values[at]!));
    }
    return keys.map((key) => {
      const value = this.writes.has(key) ? this.writes.get(key)! : this.known.get(key)!;
      return value === null ? null : (JSON.parse(value) as S);
    });
  }

  /** What is decided on whatever is in the range must still be so when it is stored, as with values. */
  relyOn(range: Range): void {
    this.ranges.push(range);
  }

  /** With what was written in this transaction; nothing is relied on by itself. */
  override async scan({ limit, ...range }: Scan): Promise<readonly Cell[]> {
    const written = [...this.writes].filter(([key]) => isIn(key, range));
    const stored = await super.scan({ ...range, limit: limit + written.length });
    const merged = new Map<string, string | null>([...stored, ...written]);
    const found = [...merged].filter((cell): cell is [string, string] => cell[1] !== null);
    return found.sort(compare).slice(0, limit);
  }

  put(key: string, value: object | string | number): void {
    this.writes.set(key, JSON.stringify(value));
  }

  remove(key: string): void {
    this.writes.set(key, null);
  }

  get change(): Change {
    return { at: this.at, keys: [...this.known.keys()], ranges: this.ranges, writes: this.writes };
  }
}

const isIn = (key: string, { from, to }: Range): boolean => {
  const bytes = Buffer.from(key);
  return Buffer.compare(bytes, Buffer.from(from)) >= 0 && Buffer.compare(bytes, Buffer.from(to)) < 0;
};

const PAGE = 1000;

/** All of a range, a page at a time, so that Redis is never kept busy for long. */
export const pagesOf = async function* (view: View, range: Range): AsyncGenerator<readonly Cell[]> {
  for (let rest = range; ;) {
    const page = await view.scan({ ...rest, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    rest = behind(rest, page.at(-1)![0]);
  }
};
