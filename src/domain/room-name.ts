import { countCodePoints } from './code-points.js';
import { invalid } from './domain-error.js';

/** The name of a room: any script, compared trimmed, normalised and without regard to case (requirement C03). */
export interface RoomName {
  readonly shown: string;
  /** What makes two names the same name, and what rooms are sorted by. */
  readonly key: string;
}

export const ROOM_NAME_MAX = 40;

/**
 * What nobody can see, and so could tell two names apart only to a machine: controls, formats (the bidi controls and
 * zero-width characters among them), lone surrogates, line and paragraph separators, and what Unicode draws as nothing.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Emoji are seen as a whole, though joiners and variation selectors hold many of them together. */
const EMOJI = /\p{RGI_Emoji}/gv;

/** What asks for an emoji goes where there is none: normalisation makes ordinary letters of some (™️, ℹ️, ㊗️). */
const normalise = (text: string): string =>
  text
    .replace(/(.)\uFE0F/gsu, (pair, base: string) => (base.normalize('NFKC') === base ? pair : base))
    .normalize('NFKC');

/**
 * By way of upper case, which makes one of letters (ß and ss, ſ and s, ς and σ) that lower case alone would leave apart;
 * and lower case before it, since ẞ is upper case already, and would stay one letter.
 */
export const foldCase = (text: string): string =>
  text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/g, 'σ')
    .replace(/\uFE0F/g, '')
    .normalize('NFKC');

/**
 * Reads a room name.
 * @throws {DomainError} `invalid-room-name`, saying which rule it breaks (requirement C03)
 */
export const readRoomName = (typed: unknown): RoomName => {
  const refuse = (why: string) => invalid('name', 'invalid-room-name', why);
  if (typeof typed !== 'string') throw refuse('Enter a name for the room.');
  const shown = normalise(typed).trim();
  if (shown === '') throw refuse('Enter a name for the room.');
  if (INVISIBLE.test(shown.replace(EMOJI, '')))
    throw refuse('A room name has no control or invisible characters.');
  if (countCodePoints(shown) > ROOM_NAME_MAX) {
    throw refuse(`A room name has at most ${ROOM_NAME_MAX} characters.`);
  }
  return { shown, key: foldCase(shown) };
};
