import type { Context } from 'koa';
import { gzipSync } from 'node:zlib';
import { isWorthCompressing } from './compressing.js';
import { JSON_HEADERS } from './json.js';
import { securityHeaders } from './security-headers.js';

interface Form {
  readonly body: string | Buffer;
  /** All its headers, name after value, as Node takes them. */
  readonly headers: string[];
}

/** A success that is sent as it is, to whoever asks, as often as they ask. */
export interface ReadyAnswer extends Form {
  /** Null where it is too short; made when somebody first takes it. */
  readonly gzipped: (() => Form) | null;
}

const COMMON = [...securityHeaders, ...JSON_HEADERS].flat();

const headersFor = (length: number, ...more: string[]): string[] => [
  ...COMMON,
  ...more,
  'Content-Length',
  String(length),
];

const form = (body: string | Buffer, ...more: string[]): Form => ({
  body,
  headers: headersFor(Buffer.byteLength(body), ...more),
});

/**
 * The headers of what is too short to be compressed, by its length: each idle poll is answered by one of them, and those of its
 * room alone would be in no cache of the processor's when the room's turn comes.
 */
const headersByLength: string[][] = [];

/** What zlib gives is the begin of 16 KiB, and a small buffer is a part of a shared one: either would be kept along with it. */
const compact = (bytes: Buffer): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
};

export const readyAnswer = (text: string): ReadyAnswer => {
  if (!isWorthCompressing(text)) {
    const length = Buffer.byteLength(text);
    return { body: text, headers: (headersByLength[length] ??= headersFor(length)), gzipped: null };
  }
  const varying = ['Vary', 'Accept-Encoding'];
  let gzipped: Form | undefined;
  return {
    ...form(text, ...varying),
    gzipped: () => (gzipped ??= form(compact(gzipSync(text)), 'Content-Encoding', 'gzip', ...varying)),
  };
};

/**
 * The last poll and the last post, with all that hangs on them. When V8 looks through memory and finds no object of a shape, it throws
 * away what it compiled for that shape: without these, most of what answers polls, just when they have had to wait.
 */
const lastOf: Record<string, Context> = {};

/**
 * Hands the whole answer to Node, past Koa, which would look at each header and at the text once more: a third of what an
 * idle poll costs otherwise. Headers that were set before are kept, at a price: Node then looks at each itself.
 * @param more headers of this answer alone, name after value
 */
export const sendReady = (
  ctx: Context,
  answer: ReadyAnswer,
  status = 200,
  more?: readonly string[],
): void => {
  const { gzipped } = answer;
  const { body, headers } = gzipped !== null && ctx.acceptsEncodings('gzip') ? gzipped() : answer;
  lastOf[ctx.method] = ctx;
  ctx.respond = false;
  ctx.res.writeHead(status, more === undefined ? headers : headers.concat(more)).end(body);
};
