/** What the contract suite needs to know of an engine's surroundings: one file an engine, `drivers/<scheme>.ts`. */
export interface Driver {
  /** Somewhere that nothing has been stored yet. */
  freshPlace(): Promise<Place>;
  /** After the last case. */
  end?(): Promise<void>;
}

export interface Place {
  /** What the engine is told to open. */
  readonly address: string;
  dispose(): Promise<void>;
}

/** Why an engine cannot be tried on this machine: only where it needs a server, and none can be had. */
export interface Unavailable {
  readonly unavailable: string;
}

/** What a driver's file exports as `start`. */
export type StartDriver = () => Promise<Driver | Unavailable>;
