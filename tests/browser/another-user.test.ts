import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();

/** Cuts this tab off from the server; the other tabs of its browser are not. */
const cutOff = ({ page }: Person): Promise<unknown> => page.route('**/api/**', (route) => route.abort());

/** The browser has its connection back, and tells the page. */
const reconnect = async ({ page }: Person): Promise<void> => {
  await page.unrouteAll();
  await page.evaluate(() => void dispatchEvent(new Event('online')));
};

/** As a page that the browser keeps asleep: it hears nothing of what other tabs tell it. */
const deafen = async ({ page, composer }: Person): Promise<void> => {
  await page.addInitScript(() => {
    BroadcastChannel.prototype.addEventListener = () => {};
  });
  await page.reload();
  await composer.waitFor();
};

/** Lets the tab's next poll wait, and with it the tab, until the test says so. */
const lull = async ({ page }: Person, polls: string): Promise<() => void> => {
  let wake = (): void => {};
  const awake = new Promise<void>((resolve) => (wake = resolve));
  await page.route(polls, async (route) => {
    await awake;
    await route.continue();
  });
  await page.waitForRequest(polls);
  return wake;
};

/** In another tab of the same browser, which stays out of the room and so sends nothing, the one user logs out and the next comes. */
const succeed = async (person: Person, name: string): Promise<Person> => {
  const tab = await person.anotherTab('/rooms');
  await tab.logOut();
  await tab.continueAsGuest(name);
  return tab;
};

let asked = 0;
/** What was sent before this stands before this. */
const expectUnsaid = async (written: string, witness: Person): Promise<void> => {
  const last = `is anybody there? ${(asked += 1)}`;
  await witness.say(last);
  await eventually(async () => expect(await witness.heard(last)).toHaveLength(1));
  expect(await witness.heard(written)).toEqual([]);
};

/** The tab of the user before says that it is over; what was written stands there, and nobody ever said it. */
const expectOver = async (before: Person, written: string, witness: Person): Promise<void> => {
  await before.heading('You have been logged out').waitFor();
  await before.page.getByText(written).waitFor();
  expect(await before.composer.count()).toBe(0);
  await expectUnsaid(written, witness);
};

test('what was not sent when the connection was lost is never sent as the next user of the browser, who is in the same room', async () => {
  const witness = await stage.inside('Shared desk', 'Witness1');
  const before = await stage.inside('Shared desk', 'Before1');
  await cutOff(before);
  await before.say('written by Before1');
  await before.unsent.getByText('written by Before1').waitFor();
  const after = await succeed(before, 'After1');
  await after.join('Shared desk');
  await reconnect(before);
  await expectOver(before, 'written by Before1', witness);
  await before.button('Log in again').click();
  await before.composer.waitFor();
  expect(await before.page.getByText('After1').count()).toBeGreaterThan(0);
  expect(await before.page.getByText('written by Before1').count()).toBe(0);
  await expectUnsaid('written by Before1', witness);
});

test('nor is it when the next user is in no room, and then comes into it by the very tab it was written in', async () => {
  const witness = await stage.inside('Lone desk', 'Witness2');
  const before = await stage.inside('Lone desk', 'Before2');
  await cutOff(before);
  await before.say('written by Before2');
  await before.unsent.getByText('written by Before2').waitFor();
  await succeed(before, 'After2');
  await reconnect(before);
  await expectOver(before, 'written by Before2', witness);
  await before.button('Log in again').click();
  await before.composer.waitFor();
  await before.say('written by After2');
  await eventually(async () => expect(await witness.heard('written by After2')).toHaveLength(1));
  await expectUnsaid('written by Before2', witness);
});

test('nor is it when only posts were lost', async () => {
  const witness = await stage.inside('Mute desk', 'Witness3');
  const before = await stage.inside('Mute desk', 'Before3');
  await before.page.route('**/messages', (route) => route.abort());
  await before.say('written by Before3');
  await before.unsent.getByText('written by Before3').waitFor();
  const after = await succeed(before, 'After3');
  await after.join('Mute desk');
  await reconnect(before);
  await expectOver(before, 'written by Before3', witness);
});

test('nor is it when the tab heard nothing of the other tabs, and its polls are answered as if nothing had happened', async () => {
  const witness = await stage.inside('Deaf desk', 'Witness4');
  const before = await stage.inside('Deaf desk', 'Before4');
  await deafen(before);
  await cutOff(before);
  await before.say('written by Before4');
  await before.unsent.getByText('written by Before4').waitFor();
  const after = await succeed(before, 'After4');
  await after.join('Deaf desk');
  await before.page.unrouteAll();
  await expectOver(before, 'written by Before4', witness);
});

test('what somebody writes in a tab of the user before is not said as the next user', async () => {
  const witness = await stage.inside('Sleepy desk', 'Witness5');
  const before = await stage.inside('Sleepy desk', 'Before5');
  await deafen(before);
  const wake = await lull(before, '**/updates**');
  const after = await succeed(before, 'After5');
  await after.join('Sleepy desk');
  await before.say('written by Before5');
  await expectOver(before, 'written by Before5', witness);
  wake();
});

test('the list of rooms of the user before lets nobody join with what that user wrote', async () => {
  const witness = await stage.inside('Next desk', 'Witness6');
  const before = await stage.inside('Next desk', 'Before6');
  await deafen(before);
  await before.page.route('**/messages', (route) => route.abort());
  await before.say('written by Before6');
  await before.unsent.getByText('written by Before6').waitFor();
  await before.leave();
  await before.button('Join Next desk').waitFor();
  const wake = await lull(before, '**/api/rooms');
  await succeed(before, 'After6');
  await before.page.unroute('**/messages');
  await before.button('Join Next desk').click();
  await expectOver(before, 'written by Before6', witness);
  wake();
});

test('whatever page or program logged the next user in, the room of the one before ends and nothing of theirs is shown as the next one’s', async () => {
  const witness = await stage.inside('Swapped desk', 'Witness7');
  const before = await stage.inside('Swapped desk', 'Before7');
  await before.page.route('**/messages', (route) => route.abort());
  await before.say('written by Before7');
  await before.unsent.getByText('written by Before7').waitFor();
  await cutOff(before);
  await before.context.request.post('/api/session', { data: { username: 'After7' }, failOnStatusCode: true });
  await before.page.unrouteAll();
  await expectOver(before, 'written by Before7', witness);
});

test('a room that is cut off from the server ends as soon as its user logs out in another tab', async () => {
  const before = await stage.inside('Cut off', 'Before8');
  await before.composer.fill('half a thought');
  await cutOff(before);
  const tab = await before.anotherTab('/rooms');
  await tab.logOut();
  await before.heading('You have been logged out').waitFor();
  await before.page.getByText('half a thought').waitFor();
  expect(await before.composer.count()).toBe(0);
});

test('what was not sent is kept for its author, and is said as theirs when they are back', async () => {
  const before = await stage.newcomer();
  await before.createAccount('Author1', 'correct horse');
  await before.createRoom('Own desk');
  await before.join('Own desk');
  const wake = await lull(before, '**/updates**');
  await before.page.route('**/messages', () => {});
  await before.say('written by Author1');
  await before.composer.fill('half a thought of Author1');
  const tab = await succeed(before, 'After9');
  await before.heading('You have been logged out').waitFor();
  await tab.join('Own desk');
  expect(await tab.page.getByText('Author1', { exact: false }).count()).toBe(0);
  await tab.logOut();
  await tab.logIn('Author1', 'correct horse');
  await tab.join('Own desk');
  expect(await tab.composer.inputValue()).toBe('half a thought of Author1');
  await eventually(async () => expect(await tab.heard('written by Author1')).toHaveLength(1));
  expect((await tab.messages())[0]).toContain('Author1 (you)');
  wake();
});
