import type { Context } from 'koa';
import type { Tokens } from '../../application/ports.js';
import { copyOf } from './copy-of.js';

export const PLAIN_NAME = 'parlour';
export const SECURE_NAME = `__Host-${PLAIN_NAME}`;
const IDS_KEPT = 50_000;
/** Browsers keep none for longer (RFC 6265bis), and a date beyond the calendar's end would make it end with the browser. */
const LONGEST_MS = 400 * 24 * 60 * 60 * 1000;

/** Read by a pattern of our own: a jar made for every poll is a cost, and what is wanted is one token, the whole value of its cookie. */
const patternOf = (name: string, { shape }: Pick<Tokens, 'shape'>): RegExp =>
  new RegExp(`(?:^|; *)${name}=(${shape.source}) *(?:;|$)`);

/** The one cookie: out of reach of scripts and of other sites, and where the connection is secure, of other hosts. */
export class SessionCookie {
  /** Session ids by token: the same few are asked about once a second. */
  private readonly ids = new Map<string, string>();
  private readonly plain: RegExp;
  private readonly secure: RegExp;

  constructor(
    private readonly tokens: Pick<Tokens, 'shape' | 'digest'>,
    private readonly maxAgeMs: number,
  ) {
    this.plain = patternOf(PLAIN_NAME, tokens);
    this.secure = patternOf(SECURE_NAME, tokens);
  }

  /** The id of the session that the request bears, or null; what no token looks like is none. */
  read(ctx: Context): string | null {
    const given = ctx.req.headers.cookie;
    if (given === undefined) return null;
    const token = (ctx.secure ? this.secure : this.plain).exec(given)?.[1];
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
      this.ids.set(copyOf(token), id);
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
