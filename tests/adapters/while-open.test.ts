import { expect, test } from '@jest/globals';
import { whileOpen } from '../../src/adapters/storage/while-open.js';

class Users {
  private readonly name = 'alice';

  async named(): Promise<string> {
    return this.name;
  }
}

class Nothing {
  async named(): Promise<null> {
    return null;
  }
}

test('what a handle gives is what its function gives, until it is closed', async () => {
  const { opened, close } = whileOpen({ users: { named: async (name: string) => name } });
  expect(await opened.users.named('alice')).toBe('alice');
  close();
  await expect(opened.users.named('alice')).rejects.toThrow('named: the unit of work is over');
});

test('an instance of a class is refused when it is wrapped, and not only when it is used', () => {
  expect(() => whileOpen(new Nothing())).toThrow('the handle has no functions of its own');
  expect(() => whileOpen({ users: new Nothing() })).toThrow('users has no functions of its own');
  expect(() => whileOpen({ users: new Users() })).toThrow('name is no function');
});
