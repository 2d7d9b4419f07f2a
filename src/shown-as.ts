import { resolve } from 'node:path';

/** Parameters of an address that are secret by their name, or tell who asks. */
const SECRET = /^user(?:name)?$|pass|pwd|secret|token|key/i;
/** What says how long a move may take rather than where it goes: one that was interrupted goes on with more. */
const PATIENCE = 'archive_timeout';

/** As much of it as comes before where a name or a password could begin. */
const cut = (text: string): string => text.replace(/[:@=?].*/s, '…');

/** What somebody has written, in a line that says that it cannot be used: whole, unless it may be an address. */
export const withoutSecrets = (text: string): string => (/:\/\/|[@=?]/.test(text) ? cut(text) : text);

/** As far as it is sure to be a place: paths, and hosts with ports. */
const PLACE =
  /^([a-z][a-z\d+.-]*:(?:\/\/)?)(?:[^?#]*@)?((?:[^:=?#@]|:\d{1,5}(?=[,/]|$)|:(?=[\\/]))*)(?:[?#][^@]*)?$/is;

/** An address that is no URL, or in which a name or a password may stand elsewhere than it should. */
const placeOf = (address: string): string => {
  const [, scheme, place] = PLACE.exec(address) ?? [];
  return scheme === undefined ? cut(address) : `${scheme}${place}`;
};

/** An address as it may be shown, and by which a storage is known again: without name and password. */
export const shownAs = (address: string): string => {
  if (address.startsWith('sqlite:')) return `sqlite:${resolve(address.slice('sqlite:'.length))}`;
  if (!address.includes('://') || !URL.canParse(address)) return placeOf(address);
  const url = new URL(address);
  url.username = url.password = '';
  const names = [...url.searchParams.keys()];
  const kept = [...url.searchParams].filter(([name]) => name !== PATIENCE && !SECRET.test(name));
  url.search = String(new URLSearchParams(kept));
  // A password with “/”, “?” or “#” in it ends where it should not, and its end is taken for something else.
  return /[@#]/.test([url.pathname, url.hash, ...names, ...kept.flat()].join(''))
    ? placeOf(address)
    : url.href;
};
