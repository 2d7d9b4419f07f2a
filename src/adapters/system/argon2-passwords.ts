import * as argon2 from '@node-rs/argon2';
import type { Passwords } from '../../application/ports.js';

/** argon2id, as the OWASP Password Storage Cheat Sheet advises: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id, off the main thread. */
export class Argon2Passwords implements Passwords {
  private nobodys: Promise<string> | null = null;

  constructor(private readonly library: Pick<typeof argon2, 'hash' | 'verify'> = argon2) {}

  hash(password: string): Promise<string> {
    return this.library.hash(password, ARGON2ID);
  }

  async verify(password: string, known: string | null): Promise<boolean> {
    this.nobodys ??= this.hash('the password of nobody');
    const isRight = await this.library.verify(known ?? (await this.nobodys), password);
    return isRight && known !== null;
  }
}
