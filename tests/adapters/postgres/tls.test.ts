import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StorageRefused } from '../../../src/adapters/storage/engine.js';
import { query } from '../../support/postgres-places.js';
import { PostgresServer } from '../../support/postgres-server.js';
import { makeCertificate, whyNoOpenssl } from './certificates.js';
import { addRoom, allEntries, open, post } from './scene.js';

const why = await whyNoOpenssl();
if (why === null) describe('over TLS:', overTls);
else describe('PostgreSQL over TLS:', () => test.skip(`left out: ${why}`, () => undefined));

function overTls(): void {
  const PASSWORD = 'not : for / everyone';
  let folder: string;
  let servers: PostgresServer[];
  let here: PostgresServer;
  let elsewhere: PostgresServer;
  let own: string;
  let strangers: string;
  let ofElsewhere: string;

  /** Lets its owner in over TLS with a password, and the tests to make that owner. */
  const serve = async ({ certificate, key }: { certificate: string; key: string }) => {
    const rules = join(folder, 'hba.conf');
    await writeFile(
      rules,
      'hostssl parlour parlour 127.0.0.1/32 scram-sha-256\nhost postgres postgres 127.0.0.1/32 trust\n',
    );
    const files = { ssl_cert_file: certificate, ssl_key_file: key, hba_file: rules };
    const flags = Object.entries({ ssl: 'on', ...files }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const server = await PostgresServer.start(flags);
    servers.push(server);
    await query(server.url(), `create role parlour login password '${PASSWORD}'`);
    await query(server.url(), `create database parlour owner parlour`);
    return server;
  };

  beforeAll(async () => {
    servers = [];
    folder = await mkdtemp(join(tmpdir(), 'parlour-test-tls-'));
    await chmod(folder, 0o755);
    const mine = await makeCertificate(folder, 'own', 'IP:127.0.0.1');
    const other = await makeCertificate(folder, 'elsewhere', 'DNS:db.example');
    own = mine.certificate;
    ofElsewhere = other.certificate;
    strangers = (await makeCertificate(folder, 'stranger', 'IP:127.0.0.1')).certificate;
    here = await serve(mine);
    elsewhere = await serve(other);
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true });
  });

  const address = (options: Record<string, string>, { server = here, password = PASSWORD } = {}): string => {
    const url = new URL(`postgres://parlour@127.0.0.1:${server.port}/parlour`);
    url.password = password;
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
    return url.href;
  };

  test.each([
    [
      'sslmode=verify-full with the server’s certificate',
      () => address({ sslmode: 'verify-full', sslrootcert: own }),
    ],
    [
      'sslmode=require with the server’s certificate',
      () => address({ sslmode: 'require', sslrootcert: own }),
    ],
    [
      'sslmode=no-verify, whatever certificate it has',
      () => address({ sslmode: 'no-verify' }, { server: elsewhere }),
    ],
  ])('%s opens, and every connection is encrypted', async (_, given) => {
    const url = given();
    const storage = await open(url);
    const room = `room ${url}`;
    await addRoom(storage, room);
    await Promise.all([1, 2, 3].map((key) => post(storage, room, `${key}`)));
    expect(await allEntries(storage, room)).toHaveLength(3);
    const server = url.includes(`:${elsewhere.port}/`) ? elsewhere : here;
    const used = await query(
      server.url(),
      `select ssl, version from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'parlour'`,
    );
    expect(used.length).toBeGreaterThanOrEqual(2);
    for (const connection of used) expect(connection).toMatchObject({ ssl: true, version: /^TLSv1\.[23]$/ });
    await storage.close();
  });

  test.each([
    [
      'a certificate that nobody vouches for',
      () => address({ sslmode: 'verify-full' }),
      /self-signed certificate; look at .*sslrootcert/,
    ],
    ['the same, where sslmode is require', () => address({ sslmode: 'require' }), /self-signed certificate/],
    [
      'another certificate than the one that is trusted',
      () => address({ sslmode: 'verify-full', sslrootcert: strangers }),
      /self-signed certificate|certificate signature failure|unable to verify/,
    ],
    [
      'a trusted certificate of another host',
      () => address({ sslmode: 'verify-full', sslrootcert: ofElsewhere }, { server: elsewhere }),
      /127\.0\.0\.1.*(?:db\.example|not in the cert)/,
    ],
    [
      'a file of certificates that is not there',
      () => address({ sslmode: 'verify-full', sslrootcert: join(folder, 'nowhere.crt') }),
      /nowhere\.crt'; look at .*sslrootcert/,
    ],
    [
      'a wrong password',
      () => address({ sslmode: 'verify-full', sslrootcert: own }, { password: 'a wrong one' }),
      /password authentication failed for user "parlour"; set the right user and password/,
    ],
    ['no TLS where the server insists on it', () => address({ sslmode: 'disable' }), /no encryption/],
    [
      'an sslmode that there is not',
      () => address({ sslmode: 'verify-ful', sslrootcert: own }),
      /sslmode=verify-ful/,
    ],
  ])('%s is refused in words that show no password', async (_, given, reason) => {
    const refused = await open(given()).then(
      (storage) => storage.close(),
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StorageRefused);
    const { message } = refused as Error;
    expect(message).toMatch(reason);
    expect(message).not.toContain(PASSWORD);
    expect(message).not.toContain(encodeURIComponent(PASSWORD));
    expect(message).not.toContain('a wrong one');
  });

  test('TLS is refused in words by a server that has none', async () => {
    const plain = await PostgresServer.start();
    servers.push(plain);
    await expect(
      open(address({ sslmode: 'verify-full', sslrootcert: own }, { server: plain })),
    ).rejects.toThrow(/does not support SSL/);
  });
}
