import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolve } from 'node:path';
import { shownAs, withoutSecrets } from '../../src/shown-as.js';

test.each([
  ['postgres://me:secret@db.example:5433/parlour', 'postgres://db.example:5433/parlour'],
  [
    'postgres://db.example/parlour?user=me&password=secret&sslmode=require',
    'postgres://db.example/parlour?sslmode=require',
  ],
  ['postgres://me:secret@[/parlour', 'postgres://[/parlour'],
  ['postgres://me:secret@[/parlour?password=secret', 'postgres://[/parlour'],
  ['postgres:me:secret@db.example/parlour', 'postgres:db.example/parlour'],
  ['memory:?password=secret', 'memory:'],
  ['redis://:secret@cache:6379/1?apiToken=secret&sslpassword=secret', 'redis://cache:6379/1'],
  ['mongodb://me:secret@a:27017,b:27017/chat', 'mongodb://a:27017,b:27017/chat'],
  ['level:C:/data/parlour', 'level:C:/data/parlour'],
  // What is typed wrong is shown as far as it is sure to hold neither.
  ['postgres://me:sec/ret@db.example/parlour', 'postgres://db.example/parlour'],
  ['postgres://me:12/secret@db.example/parlour', 'postgres://db.example/parlour'],
  ['postgres://me:12?secret@db.example/parlour', 'postgres…'],
  ['postgres://me:12#secret@db.example/parlour', 'postgres…'],
  ['postgres://db.example:99999/parlour?password=hu@secret', 'postgres…'],
  ['postgres://me:secret', 'postgres…'],
  ['postgres:me:secret', 'postgres…'],
  ['postgres:host=db password=secret', 'postgres…'],
  ['sqlite:./data/parlour.db', `sqlite:${resolve('data/parlour.db')}`],
  ['memory:', 'memory:'],
])('%s is shown without name and password', (address, shown) => {
  expect(shownAs(address)).toBe(shown);
});

test('a storage that is given more time than before is the same one: a copy of it goes on where it was', () => {
  const address = 'postgres://me@db.example/parlour';
  expect(shownAs(`${address}?archive_timeout=900000`)).toBe(shownAs(address));
  expect(shownAs(`${address}?options=-csearch_path%3Dother&archive_timeout=900000`)).toBe(
    shownAs(`${address}?options=-csearch_path%3Dother`),
  );
});

const ADDRESSES: ((password: string) => string)[] = [
  (password) => `postgres://me:${password}@db.example:5432/parlour`,
  (password) => `postgres://me:${password}@db.example/parlour?sslmode=require`,
  (password) => `postgres:me:${password}@db.example/parlour`,
  (password) => `postgres://db.example/parlour?user=me&password=${encodeURIComponent(password)}`,
  (password) => `Postgres://me:${password}@db.example`,
  (password) => `host=db.example user=me password=${password}`,
];

test('whatever is in a password, and wherever it stands, neither a storage nor a refused value is shown with it', () => {
  const awkward = fc.string({
    unit: fc.constantFrom('/', '?', '#', '@', ':', '=', '&', ' ', '%', '[', "'", '1'),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...ADDRESSES),
      fc.constantFrom('', '4711', 'yyy'),
      awkward,
      awkward,
      (addressWith, first, before, after) => {
        const address = addressWith(`${first}${before}zzz${after}`);
        expect(`${shownAs(address)} ${withoutSecrets(address)}`).not.toMatch(/4711|yyy|zzz/);
      },
    ),
    { numRuns: 2000 },
  );
});
