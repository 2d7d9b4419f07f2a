import type { Page } from 'playwright-core';

/**
 * Has the server answer such requests, and keeps the answers from the page.
 * @param instead what the page then hears in place of the server's own answer
 * @returns what lets them through
 */
export const holdBack = async (
  page: Page,
  method: string,
  path: string,
  instead: { status: number; json: object } | null = null,
): Promise<() => void> => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const answer = instead ?? { response: await route.fetch() };
    await released;
    await route.fulfill(answer);
  });
  return release;
};
