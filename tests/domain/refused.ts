import { DomainError } from '../../src/domain/domain-error.js';

/** The code by which a rule says no to this, or null where none does. */
export const refused = (attempt: () => unknown): string | null => {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

/** What the rule that says no has to tell. */
export const whatIsTold = (attempt: () => unknown): DomainError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
