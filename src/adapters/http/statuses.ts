import type { ErrorKind } from '../../domain/domain-error.js';

/* The one place where a refusal that has a code becomes an HTTP status (RFC 9110, section 15; 429: RFC 6585). */

/** Of each kind of refusal that the product's rules know. */
export const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  mismatch: 422,
};

/** Of each code by which HTTP itself says no. */
export const STATUS_OF_CODE = {
  'invalid-json': 400,
  'invalid-path': 400,
  'invalid-query': 400,
  'unknown-field': 400,
  'cross-site': 403,
  'no-such-path': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'not-json': 415,
  'too-fast': 429,
  internal: 500,
  'shutting-down': 503,
  'storage-unavailable': 503,
} as const;

export type HttpCode = keyof typeof STATUS_OF_CODE;
