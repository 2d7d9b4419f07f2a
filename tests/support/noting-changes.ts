import { announcing } from '../../src/application/live/announcing.js';
import type { UnitOfWork, Written } from '../../src/application/ports.js';

type Notes = { readonly [kind in keyof Written]: Set<string> };

const none = (): Notes => ({ sessions: new Set(), users: new Set(), rooms: new Set(), logs: new Set() });

/** A storage that several use: whatever one of them writes, each of them can ask for. */
export class NotingChanges {
  readonly transact: UnitOfWork['transact'];
  private readonly notebooks = new Set<{ notes: Notes }>();

  constructor(storage: UnitOfWork) {
    const { transact } = announcing(storage, (written) => {
      for (const { notes } of this.notebooks) {
        for (const kind of Object.keys(notes) as (keyof Notes)[]) {
          for (const id of written[kind]) notes[kind].add(id);
        }
      }
    });
    this.transact = transact;
  }

  /** For one more user of it: what was written since it last asked, null for the first time. */
  readonly open = (): (() => Promise<Written | null>) => {
    let notebook: { notes: Notes } | null = null;
    return async () => {
      const notes = notebook?.notes ?? null;
      notebook ??= { notes: none() };
      notebook.notes = none();
      this.notebooks.add(notebook);
      return notes;
    };
  };
}
