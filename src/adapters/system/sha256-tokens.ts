import { createHash, randomBytes } from 'node:crypto';
import type { Tokens } from '../../application/ports.js';

const BYTES = 32;
/** Base64url says six bits a character. */
const LENGTH = Math.ceil((BYTES * 8) / 6);

/** Tokens of 256 random bits; storage has only their SHA-256, which lets nobody in who reads it. */
export const sha256Tokens: Tokens = {
  mint: () => randomBytes(BYTES).toString('base64url'),
  shape: new RegExp(`[A-Za-z0-9_-]{${LENGTH}}`),
  digest: (text) => createHash('sha256').update(text).digest('base64url'),
};
