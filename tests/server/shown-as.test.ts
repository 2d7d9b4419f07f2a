import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { shownAs } from '../../src/shown-as.js';

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
