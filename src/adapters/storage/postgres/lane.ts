import type { Repositories } from '../../../application/ports.js';
import type { Unit } from './together.js';

/** More would keep the rooms of those at the front locked for longer than it saves. */
const MOST = 250;
/** So long one that is alone keeps the others waiting; it may be waiting for another process. */
const ALONE_MS = 50;

/** What can be done in one transaction with the work of others. */
const TOGETHER: Readonly<Record<keyof Repositories, readonly string[]>> = {
  sessions: ['get'],
  users: ['get'],
  rooms: ['get'],
  logs: ['get', 'receipt', 'save'],
};

/** The same repositories, but `told` is called as soon as something else is asked of them. */
const noticing = (to: Repositories, told: () => void): Repositories =>
  Object.fromEntries(
    Object.entries(to).map(([kind, repository]: [string, object]) => [
      kind,
      Object.fromEntries(
        Object.entries(repository).map(([name, method]: [string, (...given: unknown[]) => unknown]) => [
          name,
          TOGETHER[kind as keyof Repositories].includes(name)
            ? method
            : (...given: unknown[]) => {
                told();
                return method(...given);
              },
        ]),
      ),
    ]),
  ) as unknown as Repositories;

/** How units of work are done. */
export interface Ways {
  alone(work: Unit['work']): Promise<unknown>;
  /** @returns those that are to be done alone */
  together(units: readonly Unit[]): Promise<Iterable<Unit>>;
}

/**
 * Units of work that wait while others are being committed share the next commit. One that comes alone is done alone, and
 * is waited for only as long as it may be a post: whoever logs in or enters holds nobody up.
 */
export class Lane {
  private waiting: Unit[] = [];
  private isBusy = false;

  constructor(private readonly ways: Ways) {}

  transact<T>(work: (to: Repositories) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as Unit['resolve'], reject });
      if (!this.isBusy) void this.goOn();
    });
  }

  private async goOn(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      // Requests that arrived together are looked at before any of them is begun.
      await new Promise((resolve) => setImmediate(resolve));
      const [first, ...others] = this.waiting.splice(0, MOST);
      if (others.length === 0) await this.lead(first!);
      else await this.share([first!, ...others]);
    }
    this.isBusy = false;
  }

  private async lead(unit: Unit): Promise<void> {
    await new Promise<void>((goOn) => {
      const timer = setTimeout(goOn, ALONE_MS);
      const work: Unit['work'] = (to) => unit.work(noticing(to, goOn));
      void this.finish({ ...unit, work }).finally(() => {
        clearTimeout(timer);
        goOn();
      });
    });
  }

  private async share(units: readonly Unit[]): Promise<void> {
    try {
      for (const unit of await this.ways.together(units)) void this.finish(unit);
    } catch (error) {
      for (const { reject } of units) reject(error);
    }
  }

  private finish({ work, resolve, reject }: Unit): Promise<void> {
    return this.ways.alone(work).then(resolve, reject);
  }
}
