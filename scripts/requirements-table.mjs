import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const table = join(root, 'docs/requirements.md');

const testFiles = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    if (found.isDirectory()) return testFiles(path);
    return found.name.endsWith('.test.ts') ? [path] : [];
  });

/** The titles of the tests in a file: the first argument of test, test.each(…) or describe. */
const titlesIn = (source) =>
  [
    ...source.matchAll(
      /(?:\btest|\bdescribe|\))\s*\(?\s*(?:'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)")/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3]);

/** For each requirement, the test files that name it in a title. */
export const provedIn = () => {
  const files = new Map();
  for (const path of testFiles(join(root, 'tests')).sort()) {
    const ids = titlesIn(readFileSync(path, 'utf8')).flatMap((title) => title.match(/\b[ABC]\d\d\b/g) ?? []);
    for (const id of new Set(ids)) files.set(id, [...(files.get(id) ?? []), relative(root, path)]);
  }
  return files;
};

/** The table as it should be: each requirement's line ends with the files that prove it. */
export const withProofs = (text) => {
  const proofs = provedIn();
  return text.replace(/^\| ([ABC]\d\d) \| (.*?) \|(?: .*? \|)?$/gm, (_line, id, rule) => {
    const links = (proofs.get(id) ?? []).map(
      (path) => `[${path.replace(/^tests\/|\.test\.ts$/g, '')}](../${path})`,
    );
    return `| ${id} | ${rule} | ${links.join(', ')} |`;
  });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(table, withProofs(readFileSync(table, 'utf8')));
}
