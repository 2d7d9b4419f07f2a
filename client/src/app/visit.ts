import type { Room, User } from '../core/wire.js';
import type { Failure } from '../ports/api.js';
import type { Attention } from '../ports/attention.js';
import type { Clock } from '../ports/clock.js';
import type { Kept } from '../ports/kept.js';
import type { Tabs } from '../ports/tabs.js';
import type { Shell } from '../views/shell.js';
import type { Pursuit } from './pursuit.js';
import type { Requests } from './requests.js';

/** What the visits to the views work with. */
export interface House {
  readonly requests: Requests;
  readonly pursuit: Pursuit;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly tabs: Tabs;
  readonly attention: Attention;
  readonly kept: (userId: string, roomId: string) => Kept;
  readonly newId: () => string;
  readonly intervalMs: () => number;
  /** For how long the server holds a poll until something is new, in milliseconds; 0: not at all. */
  readonly waitMs: () => number;
  /** A status that goes by itself. */
  readonly say: (text: string) => void;
}

/** Where a visit can lead. */
export interface Ways {
  readonly enter: (user: User, roomId: string, push: boolean) => void;
  readonly leave: (user: User, room: { readonly id: string; readonly name: string }) => void;
  /** The server no longer lets this visit go on: it says why, or knows where the user is. */
  readonly refused: (failure: Failure, room?: Room) => void;
  readonly settle: (notice?: string) => void;
}

/** A stay in one view. */
export interface Visit {
  readonly view: 'welcome' | 'ending' | 'rooms' | 'room';
  /** The room that the view is of. */
  readonly roomId?: string | undefined;
  /** The page is seen or unseen from now on. */
  readonly seen?: () => void;
  /** Asks at once: the page is seen again, the connection is back, or another tab gave a hint. */
  readonly nudge: () => void;
  /** The server answers again. */
  readonly reached?: () => void;
  readonly end?: () => void;
}
