import pg from 'pg';

/** What would do, by what the server or the network says; the first that fits. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^28/, 'set the right user and password in its address, and let that user in by pg_hba.conf'],
  [/^3D/, 'create that database, or name another in its address'],
  [/^42501/, 'let this user make and change tables there'],
  [/^53|^57/, 'wait until the server takes connections, or let it take more'],
  [/certificate|SSL|TLS|open '/i, 'look at sslmode and sslrootcert in its address'],
  [
    /ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|ENOENT|timeout/i,
    'start it, or set its address to where it is',
  ],
];
const OTHERWISE = 'look at its address, and at what the server logs';

/** Where a name has several addresses, the reasons are a level deeper. */
const reasonOf = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : (error as Error).message;

/** Why PostgreSQL cannot be used, and what would do. */
export const withAdvice = (error: unknown): string => {
  const reason = reasonOf(error);
  const { code = '' } = error as { code?: string };
  const sign = error instanceof pg.DatabaseError ? code : `${code} ${reason}`;
  const [, advice] = ADVICE.find(([signs]) => signs.test(sign)) ?? [];
  return `PostgreSQL: ${reason}; ${advice ?? OTHERWISE}`;
};
