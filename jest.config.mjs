const swc = [
  '@swc/jest',
  { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
];

const suite = (name) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': swc },
  testEnvironment: 'node',
});

/** One project a folder of tests; `npm test -- --selectProjects http` runs one of them. */
export default {
  projects: [
    'domain',
    'application',
    'contract',
    'adapters',
    'http',
    'server',
    'client',
    'project',
    'browser',
  ].map(suite),
  testSequencer: './scripts/longest-first.mjs',
  testTimeout: 60_000,
  /* Most of what tests do is wait: for a page, a poll, a process. */
  maxWorkers: 4,
};
