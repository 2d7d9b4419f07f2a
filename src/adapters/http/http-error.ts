import { STATUS_OF_CODE, type HttpCode } from './statuses.js';

/** A request that HTTP itself says no to; the product's own refusals are `DomainError`s. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(
    readonly code: HttpCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = STATUS_OF_CODE[code];
  }
}
