import { setTimeout as pause } from 'node:timers/promises';
import { announcing } from '../../../src/application/live/announcing.js';
import type { Written } from '../../../src/application/ports.js';
import { NotingChanges } from '../../support/noting-changes.js';
import { behind, sharedEngine, type Saboteur } from './sabotage.js';

const NAMED = 'changes, where they are told, name all that any process wrote since they were last asked for';
const ORDER =
  'changes name what was acknowledged before they were asked for, however many write meanwhile, in whatever order';

const sound = sharedEngine({ durable: false, shared: true });

const NOTHING: Written = { sessions: new Set(), users: new Set(), rooms: new Set(), logs: new Set() };

/** What was written, numbered as it was begun, by whichever process. */
const begun: { readonly number: number; readonly users: ReadonlySet<string> }[] = [];
let numbers = 0;

/** Processes that do not hear of all that others wrote. */
export const changesSaboteurs: readonly Saboteur[] = [
  {
    does: 'tells each process only of its own changes',
    caughtBy: NAMED,
    engine: behind((storage) => {
      const { transact, open } = new NotingChanges(storage);
      return { transact, changes: open() };
    }, sound),
  },
  {
    does: 'names no session that has ended',
    caughtBy: NAMED,
    engine: behind(
      (storage) => ({
        async changes() {
          const written = await storage.changes!();
          if (written === null) return null;
          const found = await storage.read((from) => from.standings([...written.sessions]));
          const live = found.filter(({ session }) => session.ending === null);
          return { ...written, sessions: new Set(live.map(({ session }) => session.id)) };
        },
      }),
      sound,
    ),
  },
  {
    does: 'names what was written when it is asked once more',
    caughtBy: NAMED,
    engine: behind((storage) => {
      let last: Written | null = NOTHING;
      return {
        async changes() {
          const before = last;
          last = await storage.changes!();
          return before;
        },
      };
    }, sound),
  },
  {
    does: 'goes on behind the greatest number of a transaction that it saw',
    caughtBy: ORDER,
    engine: behind((storage) => {
      let seen = 0;
      return {
        async transact(work) {
          const number = (numbers += 1);
          await pause(3 * Math.random());
          const { transact } = announcing(storage, ({ users }) => begun.push({ number, users }));
          return transact(work);
        },
        async changes() {
          const later = begun.filter(({ number }) => number > seen);
          seen = Math.max(seen, ...later.map(({ number }) => number));
          return { ...NOTHING, users: new Set(later.flatMap(({ users }) => [...users])) };
        },
      };
    }, sound),
  },
];
