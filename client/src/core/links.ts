export type Part = { readonly text: string; readonly link: boolean };

/**
 * Letters and digits, but unseen ones and those of scripts that set no spaces (Thai to Myanmar, Khmer, and all from the Chinese
 * ones on): where such a letter follows an address, it is the sentence that goes on. Browsers copy addresses with them encoded.
 */
const LETTER = String.raw`[\p{L}\p{M}\p{Nd}]--[\p{DI}\u0E00-\u109F\u1780-\u17FF\u2E80-\u{10FFFF}]`;

/**
 * A host, a port, and then letters and printable ASCII but what no address has (RFC 3986). The host is what it reads as: neither a
 * name before an @, nor a sign that a browser takes for a dot or a slash.
 */
const ADDRESS = new RegExp(
  String.raw`(?<![a-z\d])https?://[\w.\-[${LETTER}]]+(?::\d+)?(?:[\/?#][!#-;=?-\[\]_a-~[${LETTER}]]*)?`,
  'giv',
);
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/**
 * The sentence's own signs are not the address's, nor is one that stands before it, too, as in _https://example.org/_; a bracket
 * that the address opened itself is.
 */
const trimTail = (address: string, before: string): string => {
  let kept = address;
  for (;;) {
    const last = kept.at(-1)!;
    const opener = CLOSERS[last];
    const sentence = opener
      ? count(kept, last) > count(kept, opener)
      : last === before || /[.,;:!?']/.test(last);
    if (!sentence) return kept;
    kept = kept.slice(0, -1);
  }
};

/** Only what begins http:// or https:// is a link, and only when it is an address with a host. */
export const findLinks = (text: string): Part[] => {
  const parts: Part[] = [];
  let from = 0;
  const add = (to: number, link: boolean): void => {
    if (to > from) parts.push({ text: text.slice(from, to), link });
    from = to;
  };
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimTail(found, text.charAt(index - 1));
    if (!URL.canParse(address)) continue;
    add(index, false);
    add(index + address.length, true);
  }
  add(text.length, false);
  return parts;
};
