import type { BrowserContext } from 'playwright-core';

/** Asks the server as this browser would, without a page: for what a test needs and is not about. */
export const ask = async <T>(
  { request }: BrowserContext,
  method: string,
  path: string,
  data?: object,
): Promise<T> => {
  const answer = await request.fetch(path, { method, data, failOnStatusCode: true });
  return (await answer.json()) as T;
};
