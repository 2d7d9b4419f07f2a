import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';

const stage = useStage();

test('only new messages of others are announced: no history, no echo of one’s own, no time and no presence', async () => {
  const writer = await stage.inside('Spoken', 'Speaker1');
  await writer.say('this is history');
  await eventually(async () => expect(await writer.heard('this is history')).toHaveLength(1));
  const reader = await stage.guest('Listener1');
  await reader.page.evaluate(() => {
    const announced: string[] = [];
    const live = [...document.querySelectorAll('[aria-live], [role=status], [role=alert]')];
    const note = (): void => {
      for (const region of live) if (region.textContent) announced.push(region.textContent);
    };
    for (const region of live) {
      new MutationObserver(note).observe(region, { subtree: true, childList: true, characterData: true });
    }
    Object.assign(window, { announced });
  });
  await reader.join('Spoken');
  await reader.say('an echo of my own');
  await eventually(async () => expect(await reader.heard('an echo of my own')).toHaveLength(1));
  const third = await stage.guest('Passerby1');
  await third.join('Spoken');
  await eventually(async () => expect(await reader.online.innerText()).toContain('Passerby1'));
  await writer.say('hear this');
  await eventually(async () => expect(await reader.heard('hear this')).toHaveLength(1));
  const announced = await reader.page.evaluate(
    () => (window as unknown as { announced: string[] }).announced,
  );
  expect([...new Set(announced)]).toEqual(['Speaker1: hear this']);
  expect(await reader.log.getAttribute('aria-live')).toBe('off');
});

test('the status is there for assistive technology before it says anything', async () => {
  const person = await stage.inside('Status', 'Listener2');
  const status = person.page.getByRole('status');
  await eventually(async () => expect(await status.allInnerTexts()).toEqual(['']));
});
