import type { EndReason } from './wire.js';

export const gapText = (missed: number): string =>
  `${missed} earlier message${missed === 1 ? ' is' : 's are'} no longer kept`;

export const jumpText = (unread: number): string => `Jump to latest, ${unread} new`;

export const titleText = (view: string, unread: number): string =>
  `${unread > 0 ? `(${unread}) ` : ''}${view} · Parlour`;

export const endedHeading = (reason: EndReason | null): string =>
  reason === 'taken-over'
    ? 'You logged in somewhere else'
    : reason === 'expired'
      ? 'Your session has expired'
      : 'You have been logged out';

export const endedText = (reason: EndReason | null): string =>
  reason === 'taken-over'
    ? 'An account is logged in at one place at a time, so this one was logged out.'
    : reason === 'expired'
      ? 'A session lasts only so long. Log in again to go on.'
      : 'Perhaps you logged out in another tab or window.';

export const NOT_SENT = 'This was not sent.';

export const elsewhereText = (name: string): string =>
  `You are in ${name}. You can be in one room at a time: go there, or leave it first.`;

/** From how many on it is told how many more characters a message may have. */
const NEAR = 200;

/** @param left how many more code points there may be; below 0, how many are too many */
export const lengthText = (left: number): string =>
  left > NEAR
    ? ''
    : `${Math.abs(left)} character${Math.abs(left) === 1 ? '' : 's'} ${left < 0 ? 'too many' : 'left'}`;

/** What is said of new messages of others: each of a few, or only how many. */
export const announcement = (messages: readonly { author: string; text: string }[]): string =>
  messages.length > 3
    ? `${messages.length} new messages`
    : messages.map(({ author, text }) => `${author}: ${text}`).join('\n');
