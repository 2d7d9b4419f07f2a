import { afterAll } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/**
 * A house of which nothing is left but these parts, in a folder that goes with the tests.
 * @returns its folder, and what puts a file into it and tells where that is
 */
export const bareHouse = (parts: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-bare-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const part of parts) cpSync(join(root, part), join(folder, part));
  const put = (path: string, text: string): string => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    return at;
  };
  return { folder, put };
};
