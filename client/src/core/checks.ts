import { readCapacity } from '../../../src/domain/capacity.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { readMessageText } from '../../../src/domain/message-text.js';
import { readPassword } from '../../../src/domain/password.js';
import { readRoomName } from '../../../src/domain/room-name.js';
import { readUsername } from '../../../src/domain/username.js';

/** What is wrong with which input; the server checks again by the same source. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

const check = (...reads: (() => unknown)[]): Fault | null => {
  try {
    for (const read of reads) read();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { field: String(error.details['field']), message: error.message };
  }
};

export const checkNewAccount = (username: string, password: string): Fault | null =>
  check(
    () => readUsername(username),
    () => readPassword(password),
  );

/** A password that is only compared need not keep the rules for new ones. */
export const checkLogin = (username: string, password: string): Fault | null =>
  check(() => readUsername(username)) ??
  (password === '' ? { field: 'password', message: 'Enter your password.' } : null);

export const checkGuest = (username: string): Fault | null => check(() => readUsername(username));

export const checkMessage = (text: string): Fault | null => check(() => readMessageText(text));

/** @returns the capacity as a number, or undefined when it was left to the server */
export const readCapacityInput = (typed: string): number | undefined =>
  typed.trim() === '' ? undefined : Number(typed);

export const checkRoom = (name: string, capacity: string): Fault | null => {
  const typed = readCapacityInput(capacity);
  return check(
    () => readRoomName(name),
    () => typed === undefined || readCapacity(typed),
  );
};
