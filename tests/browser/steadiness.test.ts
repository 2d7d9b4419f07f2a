import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();

/** Whether the focus is still on the very element that had it when `mark` was called, and not on a copy. */
const mark = ({ page }: Person): Promise<void> =>
  page.evaluate(() => void Object.assign(window, { marked: document.activeElement }));
const isMarkedFocused = ({ page }: Person): Promise<boolean> =>
  page.evaluate(() => {
    const { marked } = window as unknown as { marked: Element };
    return marked.isConnected && document.activeElement === marked;
  });

test('a button of the list of rooms keeps the focus while polls add, change and remove other rooms', async () => {
  const person = await stage.guest('Holder1');
  const other = await stage.guest('Changer1');
  for (const name of ['Focus A', 'Focus M', 'Focus Z']) await other.createRoom(name);
  await person.button('Join Focus M').focus();
  await mark(person);
  await other.createRoom('Focus B');
  await other.createRoom('Focus Y');
  await person.button('Join Focus B').waitFor();
  await person.button('Join Focus Y').waitFor();
  expect(await isMarkedFocused(person)).toBe(true);
  for (const name of ['A', 'B', 'Z']) await other.button(`Delete Focus ${name}`).click();
  for (const name of ['A', 'B', 'Z']) {
    await person.button(`Join Focus ${name}`).waitFor({ state: 'detached' });
  }
  await other.join('Focus M');
  await person.page.getByText('1 of').waitFor();
  expect(await isMarkedFocused(person)).toBe(true);
  await person.page.keyboard.press('Enter');
  await person.heading('Focus M').waitFor();
});

test('the message box keeps focus, text and selection while polls bring messages and people', async () => {
  const person = await stage.inside('Distraction', 'Holder2');
  await person.composer.fill('half a thought');
  await person.composer.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(2, 6));
  await mark(person);
  const other = await stage.inside('Distraction', 'Changer2');
  for (const text of ['one', 'two', 'three']) await other.say(`distraction ${text}`);
  await eventually(async () => expect(await person.heard('distraction three')).toHaveLength(1));
  await eventually(async () => expect(await person.online.innerText()).toContain('Changer2'));
  expect(await isMarkedFocused(person)).toBe(true);
  const box = await person.composer.evaluate((it: HTMLTextAreaElement) => [
    it.value,
    it.selectionStart,
    it.selectionEnd,
  ]);
  expect(box).toEqual(['half a thought', 2, 6]);
});

/** How far the log's end is below what is seen of it, in pixels. */
const belowTheFold = ({ log }: Person): Promise<number> =>
  log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);

test('the log stays where its reader scrolled up to, and follows the end for a reader who is there', async () => {
  const reader = await stage.guest('Reader2', { viewport: { width: 360, height: 560 } });
  const writer = await stage.inside('Long talk', 'Writer2');
  await writer.sayAll(Array.from({ length: 30 }, (_, at) => `line ${at}.`));
  await reader.join('Long talk');
  await eventually(async () => expect(await reader.heard('line 29.')).toHaveLength(1));
  expect(await belowTheFold(reader)).toBeLessThanOrEqual(1);
  await writer.say('at the end');
  await eventually(async () => expect(await reader.heard('at the end')).toHaveLength(1));
  expect(await belowTheFold(reader)).toBeLessThanOrEqual(1);

  const row = reader.log.getByRole('listitem').filter({ hasText: 'line 7.' });
  await row.evaluate((it) => it.scrollIntoView({ block: 'start' }));
  const whereItIs = async () => (await row.boundingBox())!.y;
  const stoodAt = await whereItIs();
  for (const text of ['missed one', 'missed two']) await writer.say(text);
  const jump = reader.button('Jump to latest, 2 new');
  await jump.waitFor();
  expect(await whereItIs()).toBe(stoodAt);

  await jump.click();
  expect(await belowTheFold(reader)).toBeLessThanOrEqual(1);
  await jump.waitFor({ state: 'hidden' });
  await writer.say('seen at once');
  await eventually(async () => expect(await reader.heard('seen at once')).toHaveLength(1));
  expect(await belowTheFold(reader)).toBeLessThanOrEqual(1);
});
