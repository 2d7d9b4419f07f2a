import type { Context } from 'koa';
import type { z } from 'zod';
import type { Asker } from '../../application/authenticate.js';
import type { Query } from './query.js';
import type { Limit } from './rate-limits.js';

/** What a request bears once it is known to be in order, and who asks, where that is known. */
export interface Asked<Who = unknown> {
  readonly asker: Who;
  readonly ctx: Context;
  readonly query: Query;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** By status; null where the answer has no body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** The codes of its failures, by status, beyond those that every request may meet. */
  readonly failures: Readonly<Record<number, readonly string[]>>;
}

/** A request that anyone may make. */
export interface OpenOperation extends Described {
  readonly open: true;
  handle(asked: Asked): void | Promise<void>;
}

/** A request that needs a session. */
export interface SessionOperation extends Described {
  readonly open?: false;
  readonly limit?: Limit;
  /** Whether the use case looks at the session again in a transaction of its own, so that what was last known does to let it in. */
  readonly looksAgain?: boolean;
  handle(asked: Asked<Asker>): void | Promise<void>;
}

/** One request of the contract: what it bears, what it may be answered, and who answers it. */
export type Operation = OpenOperation | SessionOperation;
