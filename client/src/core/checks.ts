import { readCapacity } from '../../../src/domain/capacity.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { readMessageText } from '../../../src/domain/message-text.js';
import { readPassword } from '../../../src/domain/password.js';
import { readRoomName } from '../../../src/domain/room-name.js';
import { readUsername } from '../../../src/domain/username.js';

/** What is wrong, and with which input, if with one; the server checks again by the same source. */
export interface Fault {
  readonly field?: string;
  readonly message: string;
}

/** All that is wrong, an input each: whoever mends one is not told of the next only then. */
const check = (...reads: (() => unknown)[]): Fault[] =>
  reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { field: String(error.details['field']), message: error.message };
    }
  });

export const checkGuest = (username: string): Fault[] => check(() => readUsername(username));

export const checkNewAccount = (username: string, password: string): Fault[] =>
  check(
    () => readUsername(username),
    () => readPassword(password),
  );

/** A password that is only compared need not keep the rules for new ones. */
export const checkLogin = (username: string, password: string): Fault[] => [
  ...checkGuest(username),
  ...(password === '' ? [{ field: 'password', message: 'Enter your password.' }] : []),
];

export const checkMessage = (text: string): Fault[] => check(() => readMessageText(text));

/** @returns the capacity as a number, or undefined when it was left to the server */
export const readCapacityInput = (typed: string): number | undefined =>
  typed.trim() === '' ? undefined : Number(typed);

export const checkRoom = (name: string, capacity: string): Fault[] => {
  const typed = readCapacityInput(capacity);
  return check(
    () => readRoomName(name),
    () => typed === undefined || readCapacity(typed),
  );
};
