import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';

const stage = useStage();

test('B14 a post whose answer was lost is tried again and stands in the log once', async () => {
  const person = await stage.inside('Lossy', 'Retry1');
  const other = await stage.inside('Lossy', 'Retry2');
  let lost = 0;
  await person.page.route('**/messages', async (route) => {
    if (lost === 0) {
      lost += 1;
      await route.fetch();
      await route.abort('connectionreset');
    } else {
      await route.continue();
    }
  });
  await person.say('exactly once');
  await eventually(async () => expect(await other.heard('exactly once')).toEqual(['exactly once']));
  await eventually(async () => expect(await person.unsent.count()).toBe(0), 20_000);
  expect(await person.heard('exactly once')).toEqual(['exactly once']);
  expect(await other.heard('exactly once')).toEqual(['exactly once']);
  expect(lost).toBe(1);
});

test('A15 a message that was refused stays below the log, to be tried again or discarded, and an alert says why', async () => {
  const person = await stage.inside('Stubborn', 'Refuse1');
  let refusing = true;
  await person.page.route('**/messages', async (route) => {
    if (!refusing) return route.continue();
    const body = { success: false, message: 'A message has no control characters.', code: 'invalid-text' };
    return route.fulfill({ status: 400, json: body });
  });
  await person.say('first try');
  await eventually(async () => expect(await person.alert.innerText()).toMatch(/control characters/));
  await person.unsent.getByText('first try').waitFor();
  refusing = false;
  await person.unsent.getByRole('button', { name: 'Try again' }).click();
  await eventually(async () => expect(await person.heard('first try')).toEqual(['first try']));
  expect(await person.alert.innerText()).toBe('');
  refusing = true;
  await person.say('never mind');
  await person.unsent.getByRole('button', { name: 'Discard' }).click();
  await eventually(async () => expect(await person.unsent.count()).toBe(0));
});

test('“Try again” keeps the focus while its message is on its way, and hands it to the message box', async () => {
  const person = await stage.inside('Second try', 'Refuse2');
  const refusal = { success: false, message: 'Not like this.', code: 'invalid-text' };
  await person.page.route('**/messages', (route) => route.fulfill({ status: 400, json: refusal }));
  await person.say('once more');
  await person.unsent.getByText('Not like this.').waitFor();
  await person.page.unroute('**/messages');
  // Held before the server has it: a poll would bring the message, and its button would be gone.
  let sent = (): void => {};
  const leaves = new Promise<void>((resolve) => (sent = resolve));
  await person.page.route('**/messages', async (route) => {
    await leaves;
    await route.continue();
  });
  const again = person.unsent.getByRole('button', { name: 'Try again' });
  await again.press('Enter');
  await person.unsent.getByText('Sending…').waitFor();
  expect(await again.evaluate((it) => it === document.activeElement)).toBe(true);
  sent();
  await eventually(async () => expect(await person.unsent.count()).toBe(0));
  expect(await person.composer.evaluate((it) => it === document.activeElement)).toBe(true);
});

test('nothing is discarded while it is on its way, so that what is gone from the list never comes into the log', async () => {
  const person = await stage.inside('No way back', 'Discard1');
  let leave = (): void => {};
  const leaves = new Promise<void>((resolve) => (leave = resolve));
  await person.page.route('**/messages', async (route) => {
    await leaves;
    await route.continue();
  });
  await person.say('on its way');
  await person.unsent.getByText('Sending…').waitFor();
  const discard = person.unsent.getByRole('button', { name: 'Discard' });
  expect(await discard.getAttribute('aria-disabled')).toBe('true');
  await discard.press('Enter');
  expect(await person.unsent.getByText('on its way').count()).toBe(1);
  leave();
  await eventually(async () => expect(await person.heard('on its way')).toHaveLength(1));
  expect(await person.unsent.count()).toBe(0);

  await person.page.unroute('**/messages');
  await person.page.route('**/messages', (route) => route.abort());
  await person.say('never mind');
  await person.unsent.getByText(/perhaps it arrived/).waitFor();
  await discard.click();
  await eventually(async () => expect(await person.unsent.count()).toBe(0));
});

test('a message that the server answered and did not take is not said to be without an answer', async () => {
  const person = await stage.inside('Busy', 'Busy1');
  const refusal = { success: false, message: 'Storage is unavailable.', code: 'storage-unavailable' };
  let busy = true;
  await person.page.route('**/messages', (route) =>
    busy ? route.fulfill({ status: 503, json: refusal }) : route.continue(),
  );
  await person.say('in a moment');
  await person.unsent.getByText(/Not confirmed/).waitFor();
  busy = false;
  await eventually(async () => expect(await person.heard('in a moment')).toHaveLength(1));
});

test('while the server cannot be reached the page says so, keeps what is typed, and never says deleted', async () => {
  const person = await stage.inside('Patience', 'Offline1');
  await person.context.setOffline(true);
  await person.page
    .getByText(/Reconnecting/)
    .first()
    .waitFor({ timeout: 15_000 });
  await person.say('written offline');
  expect(await person.unsent.innerText()).toContain('written offline');
  expect(await person.page.getByText(/deleted/).count()).toBe(0);
  await person.context.setOffline(false);
  await eventually(
    async () => expect(await person.heard('written offline')).toEqual(['written offline']),
    40_000,
  );
});

test('a message that waits to be sent again leaves as soon as the server answers polls again', async () => {
  const person = await stage.inside('Once more', 'Waiter1');
  // The longest of waits each time, as if by chance.
  await person.page.evaluate(() => (Math.random = () => 0.999));
  const failed = { messages: 0, updates: 0 };
  const fail = (what: 'messages' | 'updates') =>
    person.page.route(`**/${what}**`, async (route) => {
      failed[what] += 1;
      await route.abort();
    });
  await fail('messages');
  await person.say('as soon as may be');
  await eventually(() => expect(failed.messages).toBeGreaterThanOrEqual(3), 20_000);
  await fail('updates');
  await eventually(() => expect(failed.updates).toBeGreaterThanOrEqual(1));
  await eventually(() => expect(failed.messages).toBeGreaterThanOrEqual(4), 20_000);
  const answered = person.page.waitForResponse('**/updates**', { timeout: 40_000 });
  await person.page.unrouteAll();
  await answered;
  await eventually(async () => expect(await person.heard('as soon as may be')).toHaveLength(1), 3000);
});

test('what was refused for where its author was does not say so for ever', async () => {
  const person = await stage.inside('Here again', 'Refuse3');
  const refusal = { success: false, message: 'You are not in this room.', code: 'not-in-room' };
  await person.page.route('**/messages', (route) => route.fulfill({ status: 403, json: refusal }));
  await person.say('still mine');
  await person.heading('Rooms').first().waitFor();
  await person.page.unrouteAll();
  await person.page.goto('/');
  await person.unsent.getByText('still mine').waitFor();
  expect(await person.unsent.innerText()).not.toContain('You are not in this room');
  await person.unsent.getByRole('button', { name: 'Try again' }).click();
  await eventually(async () => expect(await person.heard('still mine')).toHaveLength(1));
});

test('C13 a restart of the server in the middle loses nobody and nothing that its storage keeps', async () => {
  const person = await stage.inside('Steady', 'Restart1');
  await person.say('before the restart');
  await eventually(async () => expect(await person.heard('before the restart')).toHaveLength(1));
  await stage.stopServer();
  await person.page
    .getByText(/Reconnecting/)
    .first()
    .waitFor({ timeout: 15_000 });
  await person.composer.fill('typed meanwhile');
  await stage.startServer();
  if (!(await stage.isDurable())) {
    await eventually(async () => expect(await person.composer.isVisible()).toBe(false), 40_000);
    await person.page.getByText('typed meanwhile').waitFor();
    return;
  }
  await person.button('Send').click();
  const said = ['before the restart', 'typed meanwhile'];
  await eventually(async () => expect(await person.heard(...said)).toEqual(said), 40_000);
  expect(await person.heading('Steady').isVisible()).toBe(true);
});
