/** How times are told, in the reader's language and time zone. Made once: formatters are costly. */
export interface TimeTexts {
  readonly clock: (at: Date) => string;
  readonly day: (at: Date) => string;
  readonly full: (at: Date) => string;
}

export const timeTexts = (locale?: string, timeZone?: string): TimeTexts => {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const { format: write } = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    return write;
  };
  return {
    clock: format({ hour: 'numeric', minute: '2-digit' }),
    day: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    full: format({ dateStyle: 'full', timeStyle: 'medium' }),
  };
};
