/* RFC 7230: tokens and quoted strings. A quoted string that does not end takes all that is left with it. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = String.raw`"(?:[^"\\]|\\.)*(?:"|\\?$)`;
const PREFERENCES = new RegExp(`(?:[^,"]|${QUOTED})+`, 'g');
const PARTS = new RegExp(`(?:[^;"]|${QUOTED})+`, 'g');
const PART = new RegExp(String.raw`^(${TOKEN})(?:[ \t]*=[ \t]*(?:(${TOKEN})|"((?:[^"\\]|\\.)*)")?)?$`);

/** A preference or a parameter of one: its name and value, of which no value and an empty one are the same; null where malformed. */
const readPart = (text: string): { name: string; value: string } | null => {
  const found = PART.exec(text);
  if (found === null) return null;
  const [, name, token, quoted] = found;
  return { name: name!.toLowerCase(), value: token ?? quoted?.replace(/\\(.)/g, '$1') ?? '' };
};

/**
 * How long a request prefers to wait (RFC 7240, section 4.3). Of several such preferences the first counts; what is
 * malformed, or means something else, is as if it were not there.
 * @param prefer the header's value, several headers joined by commas
 * @returns seconds, or null where no wait is preferred
 */
export const readWait = (prefer: string): number | null => {
  for (const preference of prefer.match(PREFERENCES) ?? []) {
    const [first, ...parameters] = (preference.match(PARTS) ?? []).map(
      (part) => readPart(part.trim()) ?? part.trim(),
    );
    if (typeof first !== 'object' || first.name !== 'wait') continue;
    if (parameters.some((parameter) => typeof parameter === 'string' && parameter !== '')) continue;
    return /^\d+$/.test(first.value) ? Number(first.value) : null;
  }
  return null;
};
