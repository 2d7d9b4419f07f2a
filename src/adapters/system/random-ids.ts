import { randomBytes } from 'node:crypto';
import type { Ids } from '../../application/ports.js';

/** 120 random bits each. */
export const randomIds: Ids = { next: () => randomBytes(15).toString('base64url') };
