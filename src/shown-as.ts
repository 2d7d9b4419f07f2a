import { resolve } from 'node:path';

/** What of an address is a secret, or says how long a move may take rather than where it goes: one that was interrupted goes on with more. */
const LEFT_OUT = ['user', 'password', 'archive_timeout'];

/** An address as it may be shown, and by which a storage is known again: without name and password. */
export const shownAs = (address: string): string => {
  if (address.startsWith('sqlite:')) return `sqlite:${resolve(address.slice('sqlite:'.length))}`;
  if (!URL.canParse(address)) return address.replace(/:.*@/s, '://').replace(/\?.*/s, '');
  const url = new URL(address);
  url.username = url.password = '';
  for (const name of LEFT_OUT) url.searchParams.delete(name);
  // Without “//” there is no part of the address that names a user; it may have been meant.
  return address.includes('://') ? url.href : url.href.replace(/:[^?]*@/, ':');
};
