import { expect, test } from '@jest/globals';
import { StorageRefused } from '../../src/adapters/storage/engine.js';
import { refusalOf } from '../../src/refusal.js';
import { readSettings, SettingRefused } from '../../src/settings.js';

const settings = readSettings({
  HOST: 'parlour.example',
  PORT: '80',
  INSECURE_HTTP: 'on',
  STORAGE: 'postgres://me:s3cr3t@db.example/parlour',
});
/** What Node reports of the operating system, which says most of it only offline, or on other machines than this. */
const failure = (syscall: string, code: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { syscall, code });

test.each([
  ['getaddrinfo', 'ENOTFOUND'],
  ['getaddrinfo', 'EAI_AGAIN'],
  ['getaddrinfo', 'EAI_FAIL'],
  ['listen', 'EADDRNOTAVAIL'],
  ['listen', 'EAFNOSUPPORT'],
  ['listen', 'EINVAL'],
])(
  'an address to listen on that fails by %s %s is the fault of HOST, however the network is',
  (syscall, code) => {
    expect(refusalOf(failure(syscall, code), settings)).toBe(
      `HOST="parlour.example" cannot be used: ${syscall} ${code}; it must be an address of this machine, or a name of one, such as 127.0.0.1`,
    );
  },
);

test.each([
  [
    'EADDRINUSE',
    'PORT="80" cannot be used: it is taken (listen EADDRINUSE); set another PORT, or 0 for a free one',
  ],
  [
    'EACCES',
    'PORT="80" cannot be used: this user may not listen there (listen EACCES); set a PORT above 1023, such as 8080',
  ],
])('a port that fails by %s is the fault of PORT', (code, line) => {
  expect(refusalOf(failure('listen', code), settings)).toBe(line);
});

test('a storage that is refused is named without its password, with the reason, in one line', () => {
  expect(refusalOf(new StorageRefused('it is\nfull; make room'), settings)).toBe(
    'STORAGE="postgres://db.example/parlour" cannot be used: it is full; make room',
  );
});

test('a setting that cannot be read says so by itself, before there are settings', () => {
  expect(refusalOf(new SettingRefused('PORT="x" cannot be used: it must be a number'), null)).toBe(
    'PORT="x" cannot be used: it must be a number',
  );
});

test('what no setting is to blame for is not told as one', () => {
  expect(refusalOf(new TypeError('undefined is not a function'), settings)).toBeNull();
  expect(refusalOf(failure('open', 'EACCES'), settings)).toBeNull();
});
