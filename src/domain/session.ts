import { DomainError } from './domain-error.js';

/** Why a session is over. */
export type SessionEnding = 'logged-out' | 'taken-over' | 'expired';

/** How long a session lasts, in milliseconds: without a sign of its user, and at the very most. */
export interface SessionLife {
  readonly idleMs: number;
  readonly maxMs: number;
}

/** Times are milliseconds since 1970, UTC. */
export interface SessionState {
  readonly id: string;
  readonly userId: string;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly ending: SessionEnding | null;
  readonly endedAt: number | null;
}

const WORDS: Record<SessionEnding, string> = {
  'logged-out': 'You have logged out.',
  'taken-over': 'You have logged in somewhere else, which ended this session.',
  expired: 'Your session has expired. Log in again.',
};

/** The error that tells the bearer of a session that is over why it is. */
export const sessionEnded = (reason: SessionEnding): DomainError =>
  new DomainError('unauthenticated', 'session-ended', WORDS[reason], { reason });

export const notLoggedIn = (): DomainError =>
  new DomainError('unauthenticated', 'not-logged-in', 'You are not logged in.');

/** One stay of one user, from logging in until it ends; it remembers why it did. */
export class Session {
  constructor(private current: SessionState) {}

  static begin(id: string, userId: string, now: number): Session {
    return new Session({ id, userId, startedAt: now, seenAt: now, ending: null, endedAt: null });
  }

  get state(): SessionState {
    return this.current;
  }

  get isLive(): boolean {
    return this.current.ending === null;
  }

  /** Whether its time is over, though nobody has ended it yet. `seenAt` may be fresher than what was stored. */
  hasExpired(now: number, life: SessionLife, seenAt = this.current.seenAt): boolean {
    const seen = Math.max(seenAt, this.current.seenAt);
    return this.isLive && (now - seen >= life.idleMs || now - this.current.startedAt >= life.maxMs);
  }

  /** The first ending holds: a session that is over is not ended again. */
  end(reason: SessionEnding, now: number): void {
    if (this.isLive) this.current = { ...this.current, ending: reason, endedAt: now };
  }

  see(at: number): void {
    if (at > this.current.seenAt) this.current = { ...this.current, seenAt: at };
  }

  /** @throws {DomainError} `session-ended` with its `reason` */
  requireLive(): void {
    if (this.current.ending !== null) throw sessionEnded(this.current.ending);
  }
}
