import { execFile } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why no certificate can be made on this machine, or null where one can. */
export const whyNoOpenssl = (): Promise<string | null> =>
  run('openssl', ['version']).then(
    () => null,
    () => 'openssl was not found; install it',
  );

/** A certificate that vouches for itself, and its key, which is the database server's alone to read. */
export const makeCertificate = async (
  folder: string,
  name: string,
  subject: string,
): Promise<{ certificate: string; key: string }> => {
  const certificate = join(folder, `${name}.crt`);
  const key = join(folder, `${name}.key`);
  const asked = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subjects = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${subject}`];
  await run('openssl', ['req', '-x509', ...asked, ...subjects, '-out', certificate, '-keyout', key]);
  await chmod(key, 0o600);
  if (userInfo().uid === 0) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(key, Number(stdout), 0);
  }
  return { certificate, key };
};
