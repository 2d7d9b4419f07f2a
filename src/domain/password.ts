import { countCodePoints } from './code-points.js';
import { invalid } from './domain-error.js';

/** NIST SP 800-63B: at least eight, any character, no rule of composition. The upper bound limits the work of hashing. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;

/**
 * Reads a password that is to be set. It is taken as it is: nothing is trimmed or folded.
 * @throws {DomainError} `invalid-password`
 */
export const readPassword = (typed: unknown): string => {
  const refuse = (why: string) => invalid('password', 'invalid-password', why);
  if (typeof typed !== 'string' || typed === '') throw refuse('Enter a password.');
  const length = countCodePoints(typed);
  if (length < PASSWORD_MIN) throw refuse(`A password has at least ${PASSWORD_MIN} characters.`);
  if (length > PASSWORD_MAX) throw refuse(`A password has at most ${PASSWORD_MAX} characters.`);
  return typed;
};
