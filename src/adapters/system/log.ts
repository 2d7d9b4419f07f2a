import { destination, pino, type Logger } from 'pino';

/** Structured logs on standard error, so that standard output has only the address. */
export const stderrLog = (level: string): Logger => pino({ level }, destination({ fd: 2, sync: true }));
