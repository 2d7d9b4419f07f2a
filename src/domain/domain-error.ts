/**
 * What sort of "no" this is. Adapters turn it into their own terms (an HTTP status, say); the domain knows none.
 *
 * - `invalid`: the input itself is wrong
 * - `unauthenticated`: nobody, or the wrong one, is asking
 * - `forbidden`: not theirs to do
 * - `missing`: no such thing
 * - `gone`: it was there, and was deleted
 * - `conflict`: at odds with what is
 * - `mismatch`: a key that was used for something else
 */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'missing' | 'gone' | 'conflict' | 'mismatch';

/** A rule said no. `code` is stable and for programs, `message` is for people, `field` names the input at fault. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The error for one input that is wrong. `field` is the input's name as its sender wrote it. */
export const invalid = (field: string, code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { field });
