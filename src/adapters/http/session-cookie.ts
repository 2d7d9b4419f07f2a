import type { Context } from 'koa';
import type { Tokens } from '../../application/ports.js';

export const PLAIN_NAME = 'parlour';
export const SECURE_NAME = `__Host-${PLAIN_NAME}`;
/* Read by a pattern of our own: a jar made for every poll is a cost, and what is wanted is one token. */
const PLAIN_COOKIE = new RegExp(`(?:^|; *)${PLAIN_NAME}=([A-Za-z0-9_-]+)`);
const SECURE_COOKIE = new RegExp(`(?:^|; *)${SECURE_NAME}=([A-Za-z0-9_-]+)`);
const IDS_KEPT = 50_000;
/** Browsers keep none for longer (RFC 6265bis), and a date beyond the calendar's end would make it end with the browser. */
const LONGEST_MS = 400 * 24 * 60 * 60 * 1000;

/** The one cookie: out of reach of scripts and of other sites, and where the connection is secure, of other hosts. */
export class SessionCookie {
  /** Session ids by token: the same few are asked about once a second. */
  private readonly ids = new Map<string, string>();

  constructor(
    private readonly tokens: Tokens,
    private readonly maxAgeMs: number,
  ) {}

  /** The id of the session that the request bears, or null. */
  read(ctx: Context): string | null {
    const given = ctx.req.headers.cookie;
    if (given === undefined) return null;
    const token = (ctx.secure ? SECURE_COOKIE : PLAIN_COOKIE).exec(given)?.[1];
    return token === undefined ? null : this.idOf(token);
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

  private idOf(token: string): string {
    let id = this.ids.get(token);
    if (id === undefined) {
      id = this.tokens.digest(token);
      if (this.ids.size >= IDS_KEPT) this.ids.clear();
      this.ids.set(token, id);
    }
    return id;
  }

  private nameFor(ctx: Context): string {
    return ctx.secure ? SECURE_NAME : PLAIN_NAME;
  }

  private attributes(ctx: Context) {
    return { httpOnly: true, sameSite: 'strict', secure: ctx.secure, path: '/', overwrite: true } as const;
  }
}
