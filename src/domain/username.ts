import { invalid } from './domain-error.js';

/** The name of an account or a guest: shown as it was typed, compared without regard to case (requirement A16). */
export interface Username {
  readonly shown: string;
  /** What makes two names the same name. */
  readonly key: string;
}

export const USERNAME_MIN = 4;
export const USERNAME_MAX = 20;

/**
 * Reads a username.
 * @throws {DomainError} `invalid-username`, saying which rule it breaks (requirement A16)
 */
export const readUsername = (typed: unknown): Username => {
  const refuse = (why: string) => invalid('username', 'invalid-username', why);
  if (typeof typed !== 'string' || typed === '') throw refuse('Enter a username.');
  if (/[^a-zA-Z0-9]/.test(typed)) {
    throw refuse(
      'A username has only the letters a–z and A–Z and the digits 0–9: no spaces, accents or signs.',
    );
  }
  if (typed.length < USERNAME_MIN) throw refuse(`A username has at least ${USERNAME_MIN} characters.`);
  if (typed.length > USERNAME_MAX) throw refuse(`A username has at most ${USERNAME_MAX} characters.`);
  return { shown: typed, key: typed.toLowerCase() };
};
