import type { Logger } from 'pino';

export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void> | void;
}

const SHORTEST_MS = 50;
const LONGEST_MS = 60_000;

/**
 * Starts what is to be done again and again; a chore never overlaps itself, and its failure is the log's affair. Those of one period
 * are done one after another, spread over it: all at once they would hold up whoever polls for as long as all of them take.
 */
export const startChores = (chores: readonly Chore[], log: Logger): { stop: () => Promise<void> } => {
  const underWay = new Map<string, Promise<void>>();
  const timers: NodeJS.Timeout[] = [];

  const once = async ({ name, run }: Chore): Promise<void> => {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error, chore: name }, 'a chore failed and will be tried again');
    }
  };
  const begin = (chore: Chore): void => {
    const { name } = chore;
    if (underWay.has(name)) return;
    underWay.set(
      name,
      once(chore).finally(() => underWay.delete(name)),
    );
  };
  for (const [at, chore] of chores.entries()) {
    const period = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, chore.everyMs));
    const wait = (ms: number): void => {
      timers[at] = setTimeout(() => {
        wait(period);
        begin(chore);
      }, ms).unref();
    };
    wait((period * (at + 1)) / chores.length);
  }
  return {
    async stop() {
      timers.forEach(clearTimeout);
      await Promise.all(underWay.values());
    },
  };
};
