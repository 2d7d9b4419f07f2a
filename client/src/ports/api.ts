/** A success, or a failure with its reason. Status 0: no answer came, so what was asked may have been done or not. */
export type Answer<T> =
  | {
      readonly ok: true;
      readonly status: number;
      readonly body: T;
      readonly tag: string | null;
      /** The server kept the request waiting, as it was asked to. */
      readonly held?: boolean;
    }
  | Failure;

export interface Failure {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  /** What the failure's body has besides. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number;
}

export interface Ask {
  readonly body?: unknown;
  /** The tag of the answer that one has already. */
  readonly tag?: string | null;
  /** How long the answer may be held until there is something new, in milliseconds (RFC 7240). */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export type Api = <T>(method: string, path: string, ask?: Ask) => Promise<Answer<T>>;

/** A login may be made to wait by the server's settings, so this is long; polls have a shorter limit of their own. */
const TIMEOUT_MS = 60_000;
const NOT_MODIFIED = 304;
const LONGEST_RETRY_AFTER_S = 300;

export const failure = (
  status: number,
  code: string,
  message: string,
  retryAfterMs = 0,
  details: Failure['details'] = {},
): Failure => ({
  ok: false,
  status,
  code,
  message,
  field: String(details['field'] ?? ''),
  details,
  retryAfterMs,
});

const noAnswer = (status: number, retryAfterMs?: number): Failure =>
  failure(status, 'no-answer', 'The server cannot be reached. Try again in a moment.', retryAfterMs);

const readRetryAfter = (response: Response): number => {
  const seconds = Number(response.headers.get('Retry-After'));
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1000 : 0;
};

/** Only `success: true` in the body is a success, whatever the status says. */
export const createApi =
  (fetch: typeof globalThis.fetch): Api =>
  async <T>(method: string, path: string, { body, tag, waitMs, signal }: Ask = {}): Promise<Answer<T>> => {
    try {
      const headers: Record<string, string> = {};
      if (body !== undefined) headers['Content-Type'] = 'application/json';
      if (tag) headers['If-None-Match'] = tag;
      if (waitMs) headers['Prefer'] = `wait=${Math.ceil(waitMs / 1000)}`;
      const response = await fetch(path, {
        method,
        headers,
        cache: 'no-store',
        signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
        // Of undefined it makes undefined, which is no body.
        body: JSON.stringify(body),
      });
      const { status } = response;
      if (status === NOT_MODIFIED) return { ok: true, status, body: {} as T, tag: tag ?? null };
      const read = (await response.json().catch(() => null)) as Record<string, unknown> | null;
      if (typeof read?.['success'] !== 'boolean') return noAnswer(status, readRetryAfter(response));
      if (read['success']) {
        return {
          ok: true,
          status,
          body: read as T,
          tag: response.headers.get('ETag'),
          held: Boolean(waitMs) && /\bwait=/.test(response.headers.get('Preference-Applied') ?? ''),
        };
      }
      return failure(status, String(read['code']), String(read['message']), readRetryAfter(response), read);
    } catch {
      return noAnswer(0);
    }
  };

/** Whether it is what was asked that is wrong, and not who asked, or where they are. */
export const isAboutRequest = ({ status }: Failure): boolean => [400, 422].includes(status);

/** Whether asking the same again later may be answered otherwise: nothing came, too fast, or the server's own fault. */
export const isPassing = ({ status, code }: Failure): boolean =>
  code === 'no-answer' || status === 429 || status >= 500;
