/** Arrows run inward only. `to.pathNot` lists what a room of the house may know; all else is refused. */
const only = (name, comment, from, ...allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only('domain-is-pure', 'The rules import nothing but each other.', '^src/domain/', '^src/domain/'),
    only(
      'application-knows-domain-only',
      'Use cases know the rules and their own ports.',
      '^src/application/',
      '^src/application/',
      '^src/domain/',
    ),
    {
      name: 'adapters-know-no-other-adapter',
      comment:
        'Two adapters never know each other, nor who puts them together; what both need is a port. Libraries are theirs to know.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/adapters/$1/', '^src/application/', '^src/domain/'] },
    },
    {
      name: 'engines-know-no-other-engine',
      comment: 'A storage engine is one folder, and stands alone.',
      severity: 'error',
      from: { path: '^src/adapters/storage/([^/]+)/' },
      to: { path: '^src/adapters/storage/(?!$1/)[^/]+/' },
    },
    {
      name: 'http-knows-no-aggregate-store',
      comment: 'HTTP knows use cases, not storage: of the ports, types only.',
      severity: 'error',
      from: { path: '^src/adapters/http/' },
      to: { path: '^src/application/ports', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-container-names-inversify',
      comment: 'Nothing else knows how use cases are made.',
      severity: 'error',
      from: { pathNot: '^src/container\\.ts$' },
      to: { path: 'node_modules/(?:inversify|reflect-metadata)' },
    },
    {
      name: 'nobody-knows-the-container',
      comment: 'The house is put together in one place, for the server.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:server|house|operations)\\.ts$' },
      to: { path: '^src/(?:house|operations|container)\\.ts$' },
    },
    only(
      'client-knows-itself-and-the-rules',
      'No library at run time, and of the server only the pure rules.',
      '^client/src/',
      '^client/src/',
      '^src/domain/',
    ),
    only(
      'client-core-is-pure',
      'The core of the client knows no page, no network and no timer.',
      '^client/src/core/',
      '^client/src/core/',
      '^src/domain/',
    ),
    {
      name: 'no-circles',
      comment: 'Nothing depends on itself.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'What is imported is there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
