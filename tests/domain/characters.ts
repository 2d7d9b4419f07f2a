import fc from 'fast-check';

/** Text of all kinds: any code point, lone surrogates, and what names and messages are apt to be broken by. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.oneof(
      fc.constantFrom('\ud83d', '\ude00', '😀', '｡', 'ﬀ', 'ß', 'ẞ', 'ς', 'Σ', 'İ', 'ı', '\u0301', '\u200d'),
      fc.constantFrom(' ', '\t', '\n', '\r', '\u00a0', '\u2028', '\ufeff', '\ufe0f', '❤', 'a', 'A', '1'),
    ),
  }),
);

/** What nobody can see, or what turns around what stands beside it. */
export const INVISIBLE: Record<string, string> = {
  NUL: '\u0000',
  tab: '\t',
  'line feed': '\n',
  escape: '\u001b',
  delete: '\u007f',
  'next line': '\u0085',
  'soft hyphen': '\u00ad',
  'combining grapheme joiner': '\u034f',
  'Arabic letter mark': '\u061c',
  'Hangul filler': '\u3164',
  'Mongolian vowel separator': '\u180e',
  'zero width space': '\u200b',
  'zero width non-joiner': '\u200c',
  'zero width joiner': '\u200d',
  'left-to-right mark': '\u200e',
  'right-to-left override': '\u202e',
  'right-to-left isolate': '\u2067',
  'line separator': '\u2028',
  'paragraph separator': '\u2029',
  'word joiner': '\u2060',
  'byte order mark': '\ufeff',
  'variation selector': '\ufe0f',
  'braille blank': '\u2800',
  'a tag': '\u{e0041}',
  'a lone surrogate': '\ud800',
};
