import type { Logger } from 'pino';

export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void> | void;
}

const SHORTEST_MS = 50;
const LONGEST_MS = 60_000;

/** Starts what is to be done again and again; a chore never overlaps itself, and its failure is the log's affair. */
export const startChores = (chores: readonly Chore[], log: Logger): { stop: () => Promise<void> } => {
  const underWay = new Map<string, Promise<void>>();
  const timers = chores.map(({ name, everyMs, run }) => {
    const once = async (): Promise<void> => {
      try {
        await run();
      } catch (error) {
        log.warn({ err: error, chore: name }, 'a chore failed and will be tried again');
      }
    };
    const period = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, everyMs));
    return setInterval(() => {
      if (underWay.has(name)) return;
      underWay.set(
        name,
        once().finally(() => underWay.delete(name)),
      );
    }, period).unref();
  });
  return {
    async stop() {
      timers.forEach(clearInterval);
      await Promise.all(underWay.values());
    },
  };
};
