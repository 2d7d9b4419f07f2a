import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

test('C12 the README says how to run it, and every command that it names is there', () => {
  expect(readme).toContain('npm install && npm start');
  for (const [, name] of readme.matchAll(/npm run ([a-z:-]+)/g))
    expect(manifest.scripts).toHaveProperty([name!]);
});

/** All files of the project: as git has them, or, in a copy without it, those that it would not leave out. */
const files = (): string[] => {
  const { status, stdout } = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  if (status === 0 && stdout !== '') return stdout.trim().split('\n');
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''));
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !ignored.includes(name))
    .flatMap((top) =>
      top.isDirectory()
        ? readdirSync(join(root, top.name), { recursive: true }).map((path) => `${top.name}/${String(path)}`)
        : [top.name],
    )
    .filter((path) => statSync(join(root, path)).isFile());
};

/** What the README’s table has of each folder. */
const rows = new Map(
  [...readme.matchAll(/^\| `([\w/]+\/)` \| (.+) \|$/gm)].map(([, name, what]) => [name!, what!]),
);

test('C12 the README says what each folder contains, and each file directly in src/', () => {
  const paths = files().filter((path) => !path.startsWith('.'));
  const folders = paths.flatMap(
    (path) => /^(?:src\/adapters\/[^/]+\/|src\/(?!adapters\/)[^/]+\/|[^/]+\/)/.exec(path) ?? [],
  );
  expect([...rows.keys()].sort()).toEqual([...new Set([...folders, 'src/'])].sort());
  const inSrc = paths.flatMap((path) => /^src\/([^/]+\.ts)$/.exec(path)?.[1] ?? []);
  expect(inSrc).toContain('main.ts');
  expect(inSrc.filter((name) => !rows.get('src/')?.includes(`\`${name}\``))).toEqual([]);
});

test('C12 the README tells the personal touch', () => {
  expect(readme).toMatch(/^## The personal touch$/m);
});

test('C12 the README describes every setting', () => {
  const source = readFileSync(join(root, 'src/settings.ts'), 'utf8');
  for (const [, name] of source.matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)) expect(readme).toContain(`\`${name!}\``);
});

test('every file and picture that a document links to is there', () => {
  const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  for (const document of documents.filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(root, document), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      expect(`${document} → ${target!} ${existsSync(join(root, document, '..', target!))}`).toMatch(/true$/);
    }
  }
});

/** What a file imports by name, whatever way: `from 'x'`, `import 'x'`, `import('x')`, `require('x')`. */
const packagesIn = (text: string): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport|\b(?:import|require)\s*\()\s*(['"])(@?[\w-][^'"]*)\1/g)]
    .map(([, , name]) => name!)
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );

test('packages are found in every way that they are imported', () => {
  expect(
    packagesIn(`
      import pg from 'pg';
      import type { Context } from "koa";
      export { a } from '@scope/one/deep';
      import 'reflect-metadata';
      const zod = await import('zod/v4');
      const old = require('old');
      import { join } from 'node:path';
      import { own } from './own.js';
    `),
  ).toEqual(['pg', 'koa', '@scope/one', 'reflect-metadata', 'zod', 'old']);
});

test('C12 every package that the server imports is a dependency, the client imports none, and each is declared by its exact version', () => {
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  }
  const importedIn = (folder: string): string[] => {
    const sources = files().filter((path) => path.startsWith(folder) && path.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(20);
    return sources.flatMap((path) => packagesIn(readFileSync(join(root, path), 'utf8')));
  };
  const imported = [...new Set(importedIn('src/'))].sort();
  expect(imported).toEqual(expect.arrayContaining(['koa', 'inversify', 'pg', 'reflect-metadata']));
  expect(imported).toEqual(Object.keys(manifest.dependencies).sort());
  expect(importedIn('client/src/')).toEqual([]);
});

test('the project stands alone: no file refers to anything beside it', () => {
  const texts = files().filter(
    (path) => !path.startsWith('tests/project/') && !/\.(?:png|svg|ico)$/.test(path),
  );
  expect(texts).toEqual(expect.arrayContaining(['README.md', 'package.json', 'src/main.ts']));
  const beside = texts.filter((path) =>
    /\.\.\/(?:shared|\.library)/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(beside).toEqual([]);
});
