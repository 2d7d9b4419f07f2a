import type { Context } from 'koa';
import { DomainError } from '../../domain/domain-error.js';
import type { RoomState } from '../../domain/room.js';
import type { FailureLog } from './failure-log.js';
import { HttpError } from './http-error.js';
import { sendJson } from './json.js';
import { roomJson } from './rooms-and-users-json.js';
import { STATUS_OF_KIND } from './statuses.js';

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refusals that tell of no fault: nobody has to look after an end that was asked for. */
const EXPECTED: ReadonlySet<string> = new Set(['shutting-down']);

/** By name, not by class: the HTTP adapter knows no storage. */
const isUnavailable = (error: unknown): boolean => (error as Error | null)?.name === 'StorageUnavailable';

const detailsOf = (error: DomainError, userId: string): Record<string, unknown> =>
  error.code === 'in-another-room'
    ? { ...error.details, room: roomJson(error.details['room'] as RoomState, userId) }
    : { ...error.details };

const failureOf = (error: unknown, userId: string): Failure => {
  if (error instanceof DomainError) {
    const { code, message } = error;
    return { status: STATUS_OF_KIND[error.kind], code, message, details: detailsOf(error, userId) };
  }
  if (error instanceof HttpError) return error;
  if (isUnavailable(error)) {
    const message = 'The server cannot reach its storage at the moment. Try again shortly.';
    return new HttpError('storage-unavailable', message, {}, { 'Retry-After': '1' });
  }
  return new HttpError('internal', 'Something went wrong on the server.');
};

/** Makes an answer of whatever was thrown. */
export const sendFailure = (ctx: Context, error: unknown, log: FailureLog): void => {
  const asker = ctx.state['asker'] as { user: { id: string } } | undefined;
  const { status, code, message, details, headers } = failureOf(error, asker?.user.id ?? '');
  if (status >= 500 && !EXPECTED.has(code)) log.tell(ctx, error, code);
  ctx.status = status;
  if (headers !== undefined) ctx.set({ ...headers });
  sendJson(ctx, { success: false, message, code, ...details });
};
