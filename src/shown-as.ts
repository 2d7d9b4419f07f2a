import { resolve } from 'node:path';

/** An address as it may be shown, and by which a storage is known again: without name and password. */
export const shownAs = (address: string): string => {
  if (address.startsWith('sqlite:')) return `sqlite:${resolve(address.slice('sqlite:'.length))}`;
  if (!URL.canParse(address)) return address.replace(/:\/\/.*@/, '://');
  const url = new URL(address);
  url.username = url.password = '';
  for (const name of ['user', 'password']) url.searchParams.delete(name);
  return url.href;
};
