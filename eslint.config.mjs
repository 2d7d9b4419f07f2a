import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));

/** Whatever can make text into markup, script or style: the client writes text as text and nothing else. */
const HTML_SINKS = [
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'srcdoc',
  'createContextualFragment',
  'parseFromString',
  'setHTMLUnsafe',
  'parseHTMLUnsafe',
].map((property) => ({ property, message: 'Text is only ever set as text: use textContent.' }));

export default tseslint.config(
  { ignores: ['**/dist/', 'node_modules/', 'data/', 'docs/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['client/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...HTML_SINKS],
      'no-restricted-syntax': [
        'error',
        ...HTML_SINKS.map(({ property, message }) => ({
          selector: `MemberExpression[property.name='${property}'], MemberExpression[property.value='${property}']`,
          message,
        })),
        {
          selector: "CallExpression[callee.property.name='write'][callee.object.name='document']",
          message: 'No document.write.',
        },
      ],
      'no-eval': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
    },
  },
  {
    files: ['src/domain/**/*.ts', 'src/application/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'process',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'fetch',
          'console',
          'Buffer',
          'crypto',
        ].map((name) => ({
          name,
          message: 'The rules know no clock, no chance and no machine: ask a port.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Ask a port for chance.' },
      ],
    },
  },
);
