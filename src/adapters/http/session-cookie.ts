import type { Context } from 'koa';
import type { Caller, Callers } from '../../application/live/callers.js';
import type { Tokens } from '../../application/ports.js';
import { copyOf } from './copy-of.js';

export const PLAIN_NAME = 'parlour';
export const SECURE_NAME = `__Host-${PLAIN_NAME}`;
const CALLERS_KEPT = 50_000;
/** Browsers keep none for longer (RFC 6265bis), and a date beyond the calendar's end would make it end with the browser. */
const LONGEST_MS = 400 * 24 * 60 * 60 * 1000;

/** Read by a pattern of our own: a jar made for every poll is a cost, and what is wanted is one token, the whole value of its cookie. */
const patternOf = (name: string, { shape }: Pick<Tokens, 'shape'>): RegExp =>
  new RegExp(`(?:^|; *)${name}=(${shape.source}) *(?:;|$)`);

/** The one cookie: out of reach of scripts and of other sites, and where the connection is secure, of other hosts. */
export class SessionCookie {
  /** By token: the same few ask once a second. */
  private readonly callersBy = new Map<string, Caller>();
  private readonly plain: RegExp;
  private readonly secure: RegExp;

  constructor(
    private readonly tokens: Pick<Tokens, 'shape' | 'digest'>,
    private readonly callers: Pick<Callers, 'of'>,
    private readonly maxAgeMs: number,
  ) {
    this.plain = patternOf(PLAIN_NAME, tokens);
    this.secure = patternOf(SECURE_NAME, tokens);
  }

  /** Whom the request names, or null; what no token looks like names nobody. */
  read(ctx: Context): Caller | null {
    const token = this.tokenIn(ctx);
    return token === undefined ? null : this.callerBearing(token);
  }

  /** The id of the session that the request bears, or null, for whoever lets nobody in by it. */
  readId(ctx: Context): string | null {
    const token = this.tokenIn(ctx);
    return token === undefined ? null : this.tokens.digest(token);
  }

  give(ctx: Context, token: string): void {
    ctx.cookies.set(this.nameFor(ctx), token, {
      ...this.attributes(ctx),
      maxAge: Math.min(this.maxAgeMs, LONGEST_MS),
    });
  }

  clear(ctx: Context): void {
    ctx.cookies.set(this.nameFor(ctx), '', { ...this.attributes(ctx), expires: new Date(0) });
  }

  private tokenIn(ctx: Context): string | undefined {
    const given = ctx.req.headers.cookie;
    return given === undefined ? undefined : (ctx.secure ? this.secure : this.plain).exec(given)?.[1];
  }

  private callerBearing(token: string): Caller {
    const known = this.callersBy.get(token);
    if (known !== undefined && !known.isForgotten) return known;
    const caller = this.callers.of(this.tokens.digest(token));
    if (known === undefined && this.callersBy.size >= CALLERS_KEPT) this.callersBy.clear();
    this.callersBy.set(copyOf(token), caller);
    return caller;
  }

  private nameFor(ctx: Context): string {
    return ctx.secure ? SECURE_NAME : PLAIN_NAME;
  }

  private attributes(ctx: Context) {
    return { httpOnly: true, sameSite: 'strict', secure: ctx.secure, path: '/', overwrite: true } as const;
  }
}
