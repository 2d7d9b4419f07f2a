export interface Tabs {
  /** Tells the other tabs to ask the server; it carries nothing that one could act on. */
  readonly hint: () => void;
  readonly onHint: (run: () => void) => void;
}

export const browserTabs = (): Tabs => {
  const channel = new BroadcastChannel('parlour');
  return {
    hint: () => channel.postMessage(null),
    onHint: (run) => channel.addEventListener('message', run),
  };
};
