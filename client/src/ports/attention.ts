export interface Attention {
  readonly hidden: () => boolean;
  /** The page is seen or unseen from now on. */
  readonly onSeen: (run: (hidden: boolean) => void) => void;
  /** The page is seen again, the connection is back, or the page came out of the back/forward cache. */
  readonly onReturn: (run: () => void) => void;
}

export const browserAttention: Attention = {
  hidden: () => document.hidden,
  onSeen: (run) => document.addEventListener('visibilitychange', () => run(document.hidden)),
  onReturn(run) {
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) run();
    });
    addEventListener('online', run);
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) run();
    });
  },
};
