export interface Attention {
  readonly hidden: () => boolean;
  /** The page is seen or unseen from now on. */
  readonly onSeen: (run: (hidden: boolean) => void) => void;
  /** The connection is back. */
  readonly onReturn: (run: () => void) => void;
  /** The page came out of the back/forward cache: it is as it was, whatever happened since. */
  readonly onThaw: (run: () => void) => void;
}

export const browserAttention: Attention = {
  hidden: () => document.hidden,
  onSeen: (run) => document.addEventListener('visibilitychange', () => run(document.hidden)),
  onReturn: (run) => addEventListener('online', run),
  onThaw(run) {
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) run();
    });
  },
};
