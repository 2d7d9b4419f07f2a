/**
 * The same text, fit to be kept: a part of a header or of an address would keep alive the whole of it, 16 KiB of which
 * anybody may send.
 * @param text as Node reads headers and addresses: Latin-1
 */
export const copyOf = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
