import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';

const stage = useStage({ POLL_WAIT_MS: '20000' });

const isPoll = (request: { url(): string }): boolean => request.url().includes('/updates');

test('where the server holds polls, the page waits in one request, hears by its answer, and asks again', async () => {
  const reader = await stage.guest('Ear1');
  const writer = await stage.inside('Quick ears', 'Mouth1');
  const asked: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  reader.page.on('request', (request) => {
    if (!isPoll(request)) return;
    asked.push(request.headers()['prefer'] ?? '');
    mostInFlight = Math.max(mostInFlight, (inFlight += 1));
  });
  for (const end of ['requestfinished', 'requestfailed'] as const) {
    reader.page.on(end as 'requestfinished', (request) => {
      if (isPoll(request)) inFlight -= 1;
    });
  }
  await reader.join('Quick ears');
  await eventually(() => expect(asked.length).toBeGreaterThan(0));
  for (const text of ['first', 'second', 'third']) {
    const heard = reader.page.waitForResponse(
      async (response) => isPoll(response) && (await response.text()).includes(text),
    );
    await writer.say(text);
    expect((await heard).headers()['preference-applied']).toBe('wait=20');
    await eventually(async () => expect(await reader.heard(text)).toEqual([text]));
  }
  expect(await reader.heard('first', 'second', 'third')).toEqual(['first', 'second', 'third']);
  expect(new Set(asked)).toEqual(new Set(['wait=20']));
  expect(mostInFlight).toBe(1);
  await reader.leave();
  await reader.heading('Rooms').first().waitFor();
});

test('C10 whoever hides the page, or shows it, says so at once, though a poll of theirs is held', async () => {
  const { page } = await stage.inside('Curtain', 'Peeker1');
  const makeHidden = (is: boolean): Promise<void> =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, is);
  const asHidden = (request: { url(): string }): boolean =>
    isPoll(request) && new URL(request.url()).searchParams.has('hidden');
  const asSeen = (request: { url(): string }): boolean => isPoll(request) && !asHidden(request);
  await page.waitForRequest(asSeen);
  const end = Promise.race([
    page.waitForEvent('requestfailed', isPoll).then(() => 'given up'),
    page.waitForEvent('requestfinished', isPoll).then(() => 'answered'),
  ]);
  const next = page.waitForRequest(asHidden);
  await makeHidden(true);
  expect(await end).toBe('given up');
  await next;
  const seen = page.waitForRequest(asSeen);
  await makeHidden(false);
  expect((await seen).headers()['prefer']).toBe('wait=20');
});
