/** In UTF-16 units, which cost nothing to count; nothing depends on how many bytes they are. */
const FROM_LENGTH = 1024;

/** Whether a text is long enough to gain by being compressed. */
export const isWorthCompressing = (text: string): boolean => text.length >= FROM_LENGTH;
