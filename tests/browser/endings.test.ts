import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { holdBack } from './hold-back.js';
import { useStage } from './stage.js';

const stage = useStage();

test('B18 whoever is in a room when it is deleted is told by whom and sees the list again; a draft stays readable', async () => {
  const creator = await stage.guest('Wrecker1');
  await creator.createRoom('Doomed');
  const inside = await stage.inside('Doomed', 'Inside1');
  await inside.composer.fill('an unsent thought');
  await creator.button('Delete Doomed').click();
  await inside.heading(/Doomed.*deleted.*Wrecker1/i).waitFor();
  await inside.page.getByText('an unsent thought').waitFor();
  await inside.button('Back to rooms').click();
  await inside.heading('Rooms').first().waitFor();
  await eventually(async () => expect(await inside.button('Join Doomed').count()).toBe(0));
});

test('B18 whoever’s browser was closed when the room was deleted is told when they come back', async () => {
  const creator = await stage.guest('Wrecker2');
  await creator.createRoom('Gone meanwhile');
  const away = await stage.inside('Gone meanwhile', 'Away1');
  await away.page.close();
  await creator.button('Delete Gone meanwhile').click();
  await eventually(async () => expect(await creator.button('Delete Gone meanwhile').count()).toBe(0));
  const back = await away.anotherTab('/');
  await back.heading(/Gone meanwhile.*deleted.*Wrecker2/i).waitFor();
  await back.button('Back to rooms').click();
  await back.heading('Rooms').first().waitFor();
  const again = await back.anotherTab('/');
  await again.heading('Rooms').first().waitFor();
});

test('“Back to rooms” says that the session is over where it ended meanwhile, and a draft stays readable', async () => {
  const creator = await stage.guest('Wrecker3');
  await creator.createRoom('Over');
  const inside = await stage.inside('Over', 'Inside3');
  await inside.composer.fill('an unsent thought');
  await creator.button('Delete Over').click();
  await inside.heading(/Over was deleted/).waitFor();
  const tab = await inside.anotherTab('/');
  await tab.heading(/Over was deleted/).waitFor();
  await inside.logOut();
  await tab.button('Back to rooms').click();
  await tab.heading('You have been logged out').waitFor();
  await tab.page.getByText('an unsent thought').waitFor();
  await tab.button('Log in again').click();
  await tab.form('Log in').waitFor();
});

test('B18 “Leave room” in a room that was deleted a moment ago says so first, and a draft stays readable', async () => {
  const creator = await stage.guest('Wrecker5');
  await creator.createRoom('Hardly gone');
  const inside = await stage.inside('Hardly gone', 'Inside5');
  await inside.composer.fill('an unsent thought');
  await holdBack(inside.page, 'GET', '**/updates**');
  await creator.button('Delete Hardly gone').click();
  await eventually(async () => expect(await creator.button('Delete Hardly gone').count()).toBe(0));
  await inside.button('Leave room').click();
  await inside.heading('Hardly gone was deleted by Wrecker5').waitFor();
  await inside.page.getByText('an unsent thought').waitFor();
  await inside.button('Back to rooms').click();
  await inside.heading('Rooms').first().waitFor();
});

test('what was typed in one tab stays readable though another tab of the room sent something', async () => {
  const person = await stage.inside('Two desks', 'Typist1');
  await person.composer.fill('a long thought');
  const tab = await person.anotherTab('/');
  await tab.composer.fill('hi');
  await tab.button('Send').click();
  await eventually(async () => expect(await person.heard('hi')).toEqual(['hi']));
  await tab.logOut();
  await person.heading('You have been logged out').waitFor();
  await person.page.getByText('a long thought').waitFor();
});

test('a draft that another tab of the room has sent does not come back as one', async () => {
  const person = await stage.inside('Two desks', 'Typist2');
  await person.composer.fill('the same thought');
  const tab = await person.anotherTab('/');
  await person.page.close();
  const late = await tab.anotherTab('/');
  await late.composer.waitFor();
  expect(await late.composer.inputValue()).toBe('the same thought');
  await tab.button('Send').click();
  await eventually(async () => expect(await late.heard('the same thought')).toHaveLength(1));
  await late.page.reload();
  await late.composer.waitFor();
  expect(await late.composer.inputValue()).toBe('');
});

test('a view that changes while the help is open has the focus at its heading', async () => {
  const creator = await stage.guest('Wrecker6');
  await creator.createRoom('Help');
  const inside = await stage.inside('Help', 'Inside6');
  await inside.log.focus();
  await inside.page.keyboard.press('?');
  await inside.page.getByRole('dialog').waitFor();
  await creator.button('Delete Help').click();
  const heading = inside.heading('Help was deleted by Wrecker6');
  await heading.waitFor();
  expect(await heading.evaluate((it) => it === document.activeElement)).toBe(true);
});

test('B18 “Back to rooms” leads there whatever happens while its answer is on its way', async () => {
  const creator = await stage.guest('Wrecker4');
  await creator.createRoom('Over soon');
  const inside = await stage.inside('Over soon', 'Inside4');
  await creator.button('Delete Over soon').click();
  await inside.heading(/Over soon was deleted/).waitFor();
  const answered = await holdBack(inside.page, 'GET', '**/api/session');
  const asked = inside.page.waitForRequest('**/api/session');
  await inside.button('Back to rooms').click();
  await asked;
  await inside.page.evaluate(() => void dispatchEvent(new Event('online')));
  answered();
  await inside.heading('Rooms').first().waitFor();
});

test('A13 logging out in one tab ends the others too, and frees a guest’s name at once', async () => {
  const person = await stage.inside('Two tabs', 'Freed1');
  const tab = await person.anotherTab('/');
  await tab.composer.waitFor();
  await person.logOut();
  await eventually(async () => expect(await tab.composer.isVisible()).toBe(false));
  await stage.guest('Freed1');
});

test('after logging out, Back shows nothing of the room', async () => {
  const person = await stage.guest('Backer1');
  await person.createRoom('Private');
  await person.join('Private');
  await person.say('a secret');
  await person.logOut();
  await person.page.goBack().catch(() => null);
  await eventually(async () => expect(await person.form('Log in').isVisible()).toBe(true));
  expect(await person.page.getByText('a secret').count()).toBe(0);
});
