import { expect, test } from '@jest/globals';
import { hash, verify } from '@node-rs/argon2';
import { Argon2Passwords } from '../../src/adapters/system/argon2-passwords.js';
import { randomIds } from '../../src/adapters/system/random-ids.js';
import { sha256Tokens } from '../../src/adapters/system/sha256-tokens.js';
import { systemClock } from '../../src/adapters/system/system-clock.js';
import { isOpaqueId } from '../../src/domain/opaque-id.js';

test('a password is hashed by argon2id, as OWASP advises, and differently every time', async () => {
  const passwords = new Argon2Passwords();
  const [one, other] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
});

test('a hash verifies its own password and no other, whatever the password is made of', async () => {
  const passwords = new Argon2Passwords();
  for (const password of ['correct horse', '  spaces  ', 'pässwörter 😀', 'x'.repeat(256)]) {
    const hash = await passwords.hash(password);
    expect(await passwords.verify(password, hash)).toBe(true);
    expect(await passwords.verify(`${password} `, hash)).toBe(false);
  }
});

test('where there is no account, no password is right, not even nobody’s', async () => {
  const passwords = new Argon2Passwords();
  expect(await passwords.verify('correct horse', null)).toBe(false);
  expect(await passwords.verify('the password of nobody', null)).toBe(false);
});

test('B03: a wrong password takes the same work whether the name has an account or not: it is verified once, against as costly a hash', async () => {
  const verified: string[] = [];
  const passwords = new Argon2Passwords({
    hash,
    verify: (against, ...given) => {
      verified.push(String(against));
      return verify(against, ...given);
    },
  });
  const known = await passwords.hash('correct horse');
  const work = ([, kind, version, costs]: readonly string[]) => [kind, version, costs];
  for (const account of [known, null, known, null]) {
    expect(await passwords.verify('wrong', account)).toBe(false);
    expect(verified).toHaveLength(1);
    expect(work(verified.pop()!.split('$'))).toEqual(work(known.split('$')));
  }
});

test('hashing holds up nothing else in the process', async () => {
  const passwords = new Argon2Passwords();
  const order: string[] = [];
  const hashing = passwords.hash('correct horse').then(() => order.push('hashed'));
  await new Promise<void>((resolve) => setImmediate(resolve));
  order.push('something else');
  await hashing;
  expect(order).toEqual(['something else', 'hashed']);
});

test('ids are opaque, and never given twice', () => {
  const ids = Array.from({ length: 10_000 }, () => randomIds.next());
  expect(ids.every(isOpaqueId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a token has 256 random bits and the shape that is told of it, and what stands for it is one way and always the same', () => {
  const tokens = Array.from({ length: 1000 }, () => sha256Tokens.mint());
  expect(new Set(tokens).size).toBe(tokens.length);
  const [token] = tokens;
  expect(Buffer.from(token!, 'base64url')).toHaveLength(32);
  const shape = new RegExp(`^${sha256Tokens.shape.source}$`);
  expect(tokens.filter((minted) => !shape.test(minted))).toEqual([]);
  expect(isOpaqueId(sha256Tokens.digest(token!))).toBe(true);
  expect(sha256Tokens.digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('the clock tells the time, and waits as long as it is told', async () => {
  const begun = systemClock.now();
  expect(Math.abs(begun - Date.now())).toBeLessThan(1000);
  await systemClock.sleep(0);
  await systemClock.sleep(30);
  expect(systemClock.now() - begun).toBeGreaterThanOrEqual(29);
});
