import { countCodePoints } from './code-points.js';
import { invalid } from './domain-error.js';

export const MESSAGE_MAX = 2000;

/** Every control character but tab and line feed, and surrogates without their other half. */
const UNSENDABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads the text of a message: trimmed, its line breaks kept and all stored as line feeds.
 * @throws {DomainError} `empty-message`, `message-too-long` or `invalid-text`
 */
export const readMessageText = (typed: unknown): string => {
  if (typed === undefined) throw invalid('text', 'empty-message', 'Write something first.');
  if (typeof typed !== 'string') throw invalid('text', 'invalid-text', 'A message is a text.');
  const text = typed.replace(/\r\n?/g, '\n').trim();
  if (text === '') throw invalid('text', 'empty-message', 'Write something first.');
  if (UNSENDABLE.test(text.replace(/[\n\t]/g, ''))) {
    throw invalid('text', 'invalid-text', 'A message has no control characters.');
  }
  if (countCodePoints(text) > MESSAGE_MAX) {
    throw invalid('text', 'message-too-long', `A message has at most ${MESSAGE_MAX} characters.`);
  }
  return text;
};
