import { z } from 'zod';
import { KINDS, type Kind, type Records } from '../../application/archive.js';

const text = z.string();
const time = z.int().nonnegative();
const number = z.int().nonnegative();

/** What each kind of record looks like in a file. */
const SCHEMAS: { readonly [kind in Kind]: z.ZodType<Records[kind]> } = {
  user: z.strictObject({
    id: text,
    username: text,
    usernameKey: text,
    passwordHash: text.nullable(),
    roomId: text.nullable(),
    createdAt: time,
  }),
  session: z.strictObject({
    id: text,
    userId: text,
    startedAt: time,
    seenAt: time,
    ending: z.enum(['logged-out', 'taken-over', 'expired']).nullable(),
    endedAt: time.nullable(),
  }),
  room: z.strictObject({
    id: text,
    name: text,
    nameKey: text,
    creatorId: text,
    creator: text,
    capacity: number,
    members: number,
    createdAt: time,
    deletedBy: text.nullable(),
    deletedAt: time.nullable(),
  }),
  log: z.strictObject({ roomId: text, epoch: text, first: number, last: number, closed: z.boolean() }),
  entry: z.strictObject({
    roomId: text,
    seq: number,
    kind: z.literal('message'),
    authorId: text,
    author: text,
    guest: z.boolean(),
    text,
    at: time,
    clientMessageId: text,
  }),
  receipt: z.strictObject({
    roomId: text,
    authorId: text,
    clientMessageId: text,
    seq: number,
    at: time,
    digest: text,
  }),
};

export const isKind = (name: unknown): name is Kind => (KINDS as readonly unknown[]).includes(name);

/** @throws {z.ZodError} where it is no record of that kind */
export const readRecord = (kind: Kind, value: unknown): Records[Kind] => SCHEMAS[kind].parse(value);
