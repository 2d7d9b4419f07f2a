import { expect, test } from '@jest/globals';
import {
  checkGuest,
  checkLogin,
  checkMessage,
  checkNewAccount,
  checkRoom,
  readCapacityInput,
} from '../../client/src/core/checks.js';
import { readUsername } from '../../src/domain/username.js';

const domainSays = (typed: string): string => {
  try {
    readUsername(typed);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test.each(['', 'abc', 'a'.repeat(21), 'with space', 'käse1', 'a-b-c'])(
  'A17 The client refuses the username “%s” in the server’s own words, before it sends',
  (typed) => {
    const fault = { field: 'username', message: domainSays(typed) };
    expect(fault.message).not.toBe('');
    expect(checkGuest(typed)).toEqual([fault]);
    expect(checkNewAccount(typed, 'long enough')).toEqual([fault]);
    expect(checkLogin(typed, 'x')).toEqual([fault]);
  },
);

test('A17 What keeps the rules is not refused', () => {
  expect(checkGuest('Abcd')).toEqual([]);
  expect(checkNewAccount('Abcd', '12345678')).toEqual([]);
  expect(checkRoom('日本語', '')).toEqual([]);
  expect(checkMessage('hello')).toEqual([]);
});

test('A new password is checked, and one that is only compared needs not to be empty', () => {
  expect(checkNewAccount('Abcd', '1234567')).toMatchObject([{ field: 'password' }]);
  expect(checkLogin('Abcd', '1')).toEqual([]);
  expect(checkLogin('Abcd', '')).toMatchObject([{ field: 'password' }]);
});

test('A room’s name and capacity are checked, each by its field', () => {
  expect(checkRoom('   ', '')).toMatchObject([{ field: 'name' }]);
  expect(checkRoom('Kitchen', '2.5')).toMatchObject([{ field: 'capacity' }]);
  expect(readCapacityInput(' ')).toBeUndefined();
  expect(readCapacityInput('12')).toBe(12);
});

test('All that is wrong is said at once, in the order of the inputs', () => {
  expect(checkNewAccount('ab', 'short')).toMatchObject([{ field: 'username' }, { field: 'password' }]);
  expect(checkLogin('', '')).toMatchObject([{ field: 'username' }, { field: 'password' }]);
  expect(checkRoom('', '1')).toMatchObject([{ field: 'name' }, { field: 'capacity' }]);
});

test('A message past 2,000 characters is refused, counted in characters and not in their halves', () => {
  expect(checkMessage('😀'.repeat(2000))).toEqual([]);
  expect(checkMessage('😀'.repeat(2001))).toMatchObject([{ field: 'text' }]);
});
