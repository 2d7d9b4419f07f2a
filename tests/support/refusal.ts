import { DomainError } from '../../src/domain/domain-error.js';

/** The code of the rule that said no, or `null` where none did. Whatever else is thrown is the test's failure. */
export const refusalOf = async (attempt: () => unknown): Promise<string | null> => {
  try {
    await attempt();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

/** The error by which a rule said no. */
export const refusal = async (attempt: () => unknown): Promise<DomainError> => {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
