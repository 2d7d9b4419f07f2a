import { invalid } from './domain-error.js';

export const CAPACITY_MIN = 2;
export const CAPACITY_MAX = 1000;

/**
 * Reads how many members a room may have.
 * @throws {DomainError} `invalid-capacity`
 */
export const readCapacity = (value: unknown): number => {
  if (!Number.isInteger(value) || (value as number) < CAPACITY_MIN || (value as number) > CAPACITY_MAX) {
    throw invalid(
      'capacity',
      'invalid-capacity',
      `The capacity is a whole number from ${CAPACITY_MIN} to ${CAPACITY_MAX}.`,
    );
  }
  return value as number;
};
