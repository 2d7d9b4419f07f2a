import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';

const stage = useStage({ ROOM_HISTORY: '5' });

test('C05 a room shows the most recent messages up to its history, and says how many are gone', async () => {
  const writer = await stage.inside('Short memory', 'Writer1');
  const reader = await stage.inside('Short memory', 'Reader1');
  await reader.context.setOffline(true);
  await writer.sayAll(Array.from({ length: 9 }, (_, at) => `message ${at + 1}`));
  await reader.context.setOffline(false);
  const kept = ['message 5', 'message 6', 'message 7', 'message 8', 'message 9'];
  await eventually(async () => expect(await reader.heard(...kept)).toEqual(kept), 45_000);
  await reader.page.getByText(/4 earlier messages are no longer kept/).waitFor();
  const late = await stage.inside('Short memory', 'Late1');
  await eventually(async () => expect(await late.heard('message 4', ...kept)).toEqual(kept));
});

test('the focus stays in the log when the message that has it is no longer kept', async () => {
  const writer = await stage.inside('Passing', 'Writer2');
  const reader = await stage.inside('Passing', 'Reader2');
  await writer.sayAll(['message 1']);
  await eventually(async () => expect(await reader.heard('message 1')).toHaveLength(1));
  await reader.log.focus();
  await reader.page.keyboard.press('ArrowUp');
  expect(await reader.page.evaluate(() => document.activeElement?.tagName)).toBe('LI');
  await writer.sayAll(Array.from({ length: 6 }, (_, at) => `message ${at + 2}`));
  await eventually(async () => expect(await reader.heard('message 1', 'message 7')).toEqual(['message 7']));
  expect(await reader.log.evaluate((log) => log.contains(document.activeElement))).toBe(true);
  await reader.page.keyboard.press('ArrowUp');
  expect(await reader.page.evaluate(() => document.activeElement?.textContent)).toContain('message 7');
});
