export type Part = { readonly text: string; readonly link: boolean };

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/gi;
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** The sentence's own signs are not the address's, but a bracket that the address opened itself is. */
const trimTail = (address: string): string => {
  let kept = address;
  for (;;) {
    const last = kept.at(-1)!;
    const opener = CLOSERS[last];
    const sentence = opener ? count(kept, last) > count(kept, opener) : /[.,;:!?'’”»…*_~]/.test(last);
    if (!sentence) return kept;
    kept = kept.slice(0, -1);
  }
};

/** Only what begins http:// or https:// is a link, and only when it is an address with a host. */
export const findLinks = (text: string): Part[] => {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimTail(found);
    if (!URL.canParse(address)) continue;
    if (index > from) parts.push({ text: text.slice(from, index), link: false });
    parts.push({ text: address, link: true });
    from = index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), link: false });
  return parts;
};
