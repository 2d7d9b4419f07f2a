import type { Context } from 'koa';
import type { Tokens } from '../../application/ports.js';

const IDS_KEPT = 50_000;

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
    const token = ctx.cookies.get(this.nameFor(ctx));
    return token === undefined || token === '' ? null : this.idOf(token);
  }

  give(ctx: Context, token: string): void {
    ctx.cookies.set(this.nameFor(ctx), token, { ...this.attributes(ctx), maxAge: this.maxAgeMs });
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
    return ctx.secure ? '__Host-parlour' : 'parlour';
  }

  private attributes(ctx: Context) {
    return { httpOnly: true, sameSite: 'strict', secure: ctx.secure, path: '/', overwrite: true } as const;
  }
}
