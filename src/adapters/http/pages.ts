import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, sep } from 'node:path';
import type { Middleware } from 'koa';
import serve from 'koa-static';

/** The views that have an address; what they show is the client's to decide. */
const VIEWS = /^\/(?:rooms(?:\/[^/]+)?)?\/?$/;
const YEAR_S = 365 * 24 * 60 * 60;

/**
 * The page and its assets. An asset's name has its content's hash in it, so it may be kept for ever; the page itself is
 * asked for anew each time.
 * @param folder where the client was built to
 */
export const pages = (folder: string): Middleware[] => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const tag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`;
  const assets = `${join(folder, 'assets')}${sep}`;

  const files = serve(folder, {
    index: false,
    setHeaders: (response, path) => {
      const lasting = path.startsWith(assets);
      response.setHeader('Cache-Control', lasting ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
  /* A path that leads out of the folder, or nowhere, is one that there is not: no fault of the server's. */
  const asset: Middleware = async (ctx, next) => {
    try {
      await files(ctx, next);
    } catch (error) {
      const { status = 500 } = error as Error & { status?: number };
      if (status >= 500) throw error;
      await next();
    }
  };
  const view: Middleware = (ctx) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!isRead) {
      ctx.set('Allow', 'GET, HEAD');
      ctx.status = 405;
      ctx.body = 'Pages can only be read.';
      return;
    }
    ctx.status = VIEWS.test(ctx.path) ? 200 : 404;
    ctx.set('Cache-Control', 'no-cache');
    ctx.set('ETag', tag);
    if (ctx.status === 200 && ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.type = 'html';
    ctx.body = page;
  };
  return [asset, view];
};
