import type { Context } from 'koa';
import type { Tokens } from '../../application/ports.js';

/** The one cookie: out of reach of scripts and of other sites, and where the connection is secure, of other hosts. */
export class SessionCookie {
  constructor(
    private readonly tokens: Tokens,
    private readonly maxAgeMs: number,
  ) {}

  /** The id of the session that the request bears, or null. */
  read(ctx: Context): string | null {
    const token = ctx.cookies.get(this.nameFor(ctx));
    return token === undefined || token === '' ? null : this.tokens.digest(token);
  }

  give(ctx: Context, token: string): void {
    ctx.cookies.set(this.nameFor(ctx), token, { ...this.attributes(ctx), maxAge: this.maxAgeMs });
  }

  clear(ctx: Context): void {
    ctx.cookies.set(this.nameFor(ctx), '', { ...this.attributes(ctx), expires: new Date(0) });
  }

  private nameFor(ctx: Context): string {
    return ctx.secure ? '__Host-parlour' : 'parlour';
  }

  private attributes(ctx: Context) {
    return { httpOnly: true, sameSite: 'strict', secure: ctx.secure, path: '/', overwrite: true } as const;
  }
}
