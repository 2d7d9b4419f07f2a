import { invalid } from './domain-error.js';

/** Ids mean nothing and are compared letter by letter; anything but 1 to 64 of these characters is no id at all. */
export const isOpaqueId = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);

/**
 * Reads an id that a client sent.
 * @throws {DomainError} `invalid-room-id`
 */
export const readRoomId = (value: unknown): string => {
  if (!isOpaqueId(value)) throw invalid('roomId', 'invalid-room-id', 'That is not the id of a room.');
  return value;
};

/**
 * Reads the key by which a client may repeat a post.
 * @throws {DomainError} `invalid-client-message-id`
 */
export const readClientMessageId = (value: unknown): string => {
  if (!isOpaqueId(value)) {
    throw invalid('clientMessageId', 'invalid-client-message-id', 'That is not the id of a message.');
  }
  return value;
};
