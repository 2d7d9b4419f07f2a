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
