import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

test('C12 the README says what each folder contains, and the personal touch', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((found) =>
    found.isDirectory(),
  );
  for (const { name } of folders) expect(readme).toContain(`src/${name}/`);
  for (const name of readdirSync(join(root, 'src/adapters')))
    expect(readme).toContain(`src/adapters/${name}/`);
  expect(readme).toMatch(/personal touch/i);
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

test('C12 every package that the server or the client imports is declared, by its exact version', () => {
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  }
  const { stdout } = spawnSync('git', ['grep', '-hoE', "from '[^.'][^']*'", '--', 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  const imported = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(6, -1))
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  for (const name of new Set(imported)) expect(manifest.dependencies).toHaveProperty([name]);
});

test('the project stands alone: no file refers to anything beside it', () => {
  const { stdout } = spawnSync(
    'git',
    ['grep', '-nE', '\\.\\./(shared|\\.library)', '--', '.', ':!tests/project'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  expect(stdout).toBe('');
});
