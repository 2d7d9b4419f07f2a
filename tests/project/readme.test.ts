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
    );
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
