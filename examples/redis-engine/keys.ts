/**
 * Where things lie: one ordered map from key to value, in which Redis compares keys byte by byte, and so by code point.
 * A key is a kind and what identifies one of that kind, apart by NUL, which is below all else and escaped in the parts.
 */
const escaped = (part: string): string =>
  part.replace(/[\u0000\u0001]/g, (sign) => (sign === '\u0000' ? '\u0001\u0001' : '\u0001\u0002'));

/** As wide as the greatest safe integer, so that the order of the texts is that of the numbers. */
const digits = (number: number): string => String(Math.max(0, number)).padStart(16, '0');

const key = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => (typeof part === 'number' ? digits(part) : escaped(part))).join('\u0000');

/** All keys from `from` on and below `to`. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** All keys that begin with these parts and have more of them. */
export const under = (...parts: readonly (string | number)[]): Range => ({
  from: `${key(...parts)}\u0000`,
  to: `${key(...parts)}\u0001`,
});

/** Those of the range that stand behind the key. */
export const behind = (range: Range, last: string): Range => ({ ...range, from: `${last}\u0000` });
/** Those of the range that stand before the key. */
export const before = (range: Range, end: string): Range => ({ ...range, to: end });

export const userKey = (id: string) => key('user', id);
export const usernameKey = (name: string) => key('username', name);
/** A user whose room it is. */
export const presentKey = (roomId: string, userId: string) => key('present', roomId, userId);
export const sessionKey = (id: string) => key('session', id);
/** A user's session that has not ended. */
export const liveKey = (userId: string) => key('live', userId);
export const endedKey = (at: number, id: string) => key('ended', at, id);
export const roomKey = (id: string) => key('room', id);
/** A room that is not deleted. */
export const roomNameKey = (name: string) => key('room name', name);
export const logKey = (roomId: string) => key('log', roomId);
export const entryKey = (roomId: string, seq: number) => key('entry', roomId, seq);
export const receiptKey = (roomId: string, seq: number) => key('receipt', roomId, seq);
/** The number under which the receipt of a post lies. */
export const postKey = (roomId: string, authorId: string, clientMessageId: string) =>
  key('post', roomId, authorId, clientMessageId);
export const NOTE = key('note');
