import { expect, test } from '@jest/globals';
import { tellProgress } from '../../src/tell-progress.js';

test('progress is told when something begins, once a second, and at its end', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = tellProgress(
    (line) => lines.push(line),
    () => now,
  );
  progress('counting', 1000, null);
  progress('counting', 1000, null);
  now = 1000;
  progress('counting', 500, null);
  progress('going on', 0, null);
  progress('copying', 1000, 2500);
  progress('copying', 1000, 2500);
  progress('copying', 500, 2500);
  expect(lines.join('')).toBe(
    'counting: 1,000\ncounting: 2,500\ngoing on\ncopying: 1,000 of 2,500\ncopying: 2,500 of 2,500\n',
  );
});
