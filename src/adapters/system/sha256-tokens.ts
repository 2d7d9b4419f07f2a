import { createHash, randomBytes } from 'node:crypto';
import type { Tokens } from '../../application/ports.js';

/** Tokens of 256 random bits; storage has only their SHA-256, which lets nobody in who reads it. */
export const sha256Tokens: Tokens = {
  mint: () => randomBytes(32).toString('base64url'),
  digest: (text) => createHash('sha256').update(text).digest('base64url'),
};
