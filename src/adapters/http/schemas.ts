import * as z from 'zod';
import { MESSAGE_MAX, readMessageText } from '../../domain/message-text.js';
import { readClientMessageId, readRoomId } from '../../domain/opaque-id.js';
import { PASSWORD_MAX, PASSWORD_MIN, readPassword } from '../../domain/password.js';
import { readAfter } from '../../domain/reading.js';
import { ROOM_NAME_MAX, readRoomName } from '../../domain/room-name.js';
import { CAPACITY_MAX, CAPACITY_MIN, readCapacity } from '../../domain/capacity.js';
import { readUsername, USERNAME_MAX, USERNAME_MIN } from '../../domain/username.js';

/** A field whose rule is the domain's own: it throws what is wrong. The description says the same to who reads it. */
const ruled = (read: (value: unknown) => unknown, description: Record<string, unknown>) =>
  z
    .unknown()
    .refine((value) => {
      read(value);
      return true;
    })
    .meta(description);

const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
const TIME = { format: 'date-time' };
const SEQ = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const username = ruled(readUsername, {
  type: 'string',
  minLength: USERNAME_MIN,
  maxLength: USERNAME_MAX,
  pattern: '^[a-zA-Z0-9]+$',
});
const roomId = ruled(readRoomId, ID);
const after = ruled(readAfter, SEQ);

/* What requests bear. */

export const accountAsked = z.strictObject({
  username,
  password: ruled(readPassword, { type: 'string', minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }),
});

export const sessionAsked = z.strictObject({
  username,
  password: z.string('A password is a text.').optional(),
  takeOver: z.boolean('“takeOver” is true or false.').optional(),
});

export const roomAsked = z.strictObject({
  name: ruled(readRoomName, { type: 'string', minLength: 1, maxLength: ROOM_NAME_MAX }),
  capacity: ruled((value) => value === undefined || readCapacity(value), {
    type: 'integer',
    minimum: CAPACITY_MIN,
    maximum: CAPACITY_MAX,
  }).optional(),
});

export const roomEntered = z.strictObject({ roomId });

export const messagePosted = z.strictObject({
  clientMessageId: ruled(readClientMessageId, ID),
  text: ruled(readMessageText, { type: 'string', minLength: 1, maxLength: MESSAGE_MAX }),
  after: ruled((value) => value === undefined || readAfter(value), SEQ).optional(),
  epoch: z.string('“epoch” is a text.').optional(),
});

export const roomPath = z.strictObject({ roomId });

export const updatesQuery = z.strictObject({
  after,
  epoch: z.string().optional(),
  online: z.string().optional(),
  hidden: z.enum(['0', '1']).optional(),
});

export const updatesHeaders = z.strictObject({
  Prefer: z
    .string()
    .optional()
    .meta({
      description:
        'wait=SECONDS (RFC 7240): hold the answer until something is new or the time is over. Honoured for at most the ' +
        'pollWaitMs of the settings, and Preference-Applied then says for how long; where that is 0, it is ignored.',
      examples: ['wait=20'],
    }),
});

export const roomsHeaders = z.strictObject({
  'If-None-Match': z.string().optional().meta({
    description:
      'The ETag of the list that the asker has: while it holds, the answer is 304, without a body.',
  }),
});

/* What answers hold. */

const message = z.string().meta({ description: 'Fit to show a person.' });

export const success = z.object({ success: z.literal(true), message });

export const user = z.strictObject({ id: z.string(), username: z.string(), guest: z.boolean() });

export const room = z.strictObject({
  id: z.string(),
  name: z.string(),
  creator: z.string(),
  mine: z.boolean(),
  members: z.int(),
  capacity: z.int(),
  createdAt: z.string().meta(TIME),
});

const deletedRoom = z.strictObject({
  id: z.string(),
  name: z.string(),
  deleted: z.literal(true),
  deletedBy: z.string(),
});

const endReason = z.enum(['logged-out', 'taken-over', 'expired']);

export const failure = z.looseObject({
  success: z.literal(false),
  message,
  code: z.string().meta({ description: 'Stable; what programs decide by.' }),
  field: z.string().optional().meta({ description: 'The one input at fault.' }),
  reason: endReason.optional().meta({ description: 'With session-ended: how.' }),
  room: z.union([room, deletedRoom]).optional().meta({
    description: 'With in-another-room, the one that the asker is in; with room-deleted, what it was.',
  }),
  deletedBy: z.string().optional().meta({ description: 'With room-deleted: the name of whoever did it.' }),
});

export const entry = z.strictObject({
  seq: z.int(),
  kind: z.string().meta({ description: 'Pass over a kind that you do not know, and count its seq.' }),
  author: z.string(),
  guest: z.boolean(),
  text: z.string(),
  at: z.string().meta(TIME),
  clientMessageId: z.string().optional().meta({ description: 'On the reader’s own entries only.' }),
});

export const updates = success.extend({
  epoch: z.string(),
  first: z.int(),
  last: z.int(),
  entries: z.array(entry),
  reset: z.literal(true).optional(),
  missed: z.int().optional(),
  more: z.literal(true).optional(),
  online: z
    .strictObject({
      version: z.string(),
      users: z.array(z.strictObject({ username: z.string(), guest: z.boolean(), away: z.boolean() })),
    })
    .optional(),
});

export const loggedIn = success.extend({ user });

export const sessionShown = success.extend({
  user: user.nullable(),
  room: z.union([room, deletedRoom]).nullable(),
  settings: z.object({ pollIntervalMs: z.int(), pollWaitMs: z.int() }),
  ended: endReason.optional(),
});

export const roomsListed = success.extend({ rooms: z.array(room), current: z.string().nullable() });

export const roomCreated = success.extend({ room });

export const roomJoined = updates.extend({ room });

export const messageStored = updates.partial().extend({
  success: z.literal(true),
  message,
  posted: entry,
});
