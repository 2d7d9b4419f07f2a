import helmet from 'koa-helmet';
import type { Context, Middleware } from 'koa';

/** Helmet's headers, with a policy under which a page runs only what this server served, and never a text as code. */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
  },
  strictTransportSecurity: { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false },
  xFrameOptions: { action: 'deny' },
});

/** What helmet would set on every answer; it is the same for all, so it is asked once. */
const headersOf = (middleware: Middleware): [string, string][] => {
  const headers: [string, string][] = [];
  const res = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  void middleware({ req: {}, res, request: {} } as unknown as Context, async () => undefined);
  if (headers.length === 0) throw new Error('helmet set no header');
  return headers;
};

/** The security headers, which every answer has. */
export const securityHeaders: readonly (readonly [string, string])[] = headersOf(protect);
