import type { Store } from './kept.js';

const KEY = 'parlour/login';

/**
 * One browser has one session, whichever tab began it. Only the server knows whose it is; this tells a tab, without asking, that
 * it may be another's by now.
 */
export interface Logins {
  /** Another one ever after somebody began to log in, or had logged out, in any tab. */
  readonly mark: () => string | null;
  readonly change: () => void;
}

export const createLogins = (store: Store, newId: () => string): Logins => ({
  mark: () => store.read(KEY),
  change: () => store.write(KEY, newId()),
});
