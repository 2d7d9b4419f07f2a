/** How many Unicode code points the text has; a character outside the basic plane counts once, not as its two UTF-16 units. */
export const countCodePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** Orders two texts by code point. `<` on strings compares UTF-16 units, which puts 😀 (U+1F600) before ｡ (U+FF61). */
export const compareByCodePoint = (a: string, b: string): number => {
  let at = 0;
  while (at < a.length && at < b.length) {
    const left = a.codePointAt(at)!;
    const right = b.codePointAt(at)!;
    if (left !== right) return left - right;
    at += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
};
