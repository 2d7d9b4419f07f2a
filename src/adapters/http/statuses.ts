import type { ErrorKind } from '../../domain/domain-error.js';

/** The one place where a kind of error becomes an HTTP status. */
export const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  mismatch: 422,
};
