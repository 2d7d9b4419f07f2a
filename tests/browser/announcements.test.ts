import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();

/** @returns what was read out since */
const listen = async ({ page }: Person): Promise<() => Promise<string[]>> => {
  await page.evaluate(() => {
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
  return () => page.evaluate(() => (window as unknown as { announced: string[] }).announced);
};

test('only new messages of others are announced: no history, no echo of one’s own, no time and no presence', async () => {
  const writer = await stage.inside('Spoken', 'Speaker1');
  await writer.say('this is history');
  await eventually(async () => expect(await writer.heard('this is history')).toHaveLength(1));
  const reader = await stage.guest('Listener1');
  const announced = await listen(reader);
  await reader.join('Spoken');
  await reader.say('an echo of my own');
  await eventually(async () => expect(await reader.heard('an echo of my own')).toHaveLength(1));
  await stage.inside('Spoken', 'Passerby1');
  await eventually(async () => expect(await reader.online.innerText()).toContain('Passerby1'));
  await writer.say('hear this');
  await eventually(async () => expect(await reader.heard('hear this')).toHaveLength(1));
  expect([...new Set(await announced())]).toEqual(['Speaker1: hear this']);
  expect(await reader.log.getAttribute('aria-live')).toBe('off');
});

test('history that comes in several answers is announced no more than history that comes in one', async () => {
  const writer = await stage.inside('Long spoken', 'Speaker3');
  await writer.sayAll(['line 1', 'line 2', 'line 3']);
  const reader = await stage.guest('Listener3');
  await reader.page.route('**/api/session/room', async (route) => {
    const response = await route.fetch();
    const entered = (await response.json()) as { entries: object[] };
    await route.fulfill({ response, json: { ...entered, entries: entered.entries.slice(0, 1), more: true } });
  });
  const announced = await listen(reader);
  await reader.join('Long spoken');
  await eventually(async () => expect(await reader.heard('line 3')).toHaveLength(1));
  await writer.say('hear this');
  await eventually(async () => expect(await reader.heard('hear this')).toHaveLength(1));
  expect([...new Set(await announced())]).toEqual(['Speaker3: hear this']);
});

test('a message that is too long is said to be so each time, and no longer once it is gone', async () => {
  const writer = await stage.inside('Too long', 'Writer3');
  await writer.composer.fill('x'.repeat(2001));
  const announced = await listen(writer);
  const spoken = async () => (await announced()).filter((text) => text.includes('at most'));
  await writer.composer.press('Enter');
  await eventually(async () => expect(await spoken()).toHaveLength(1));
  await writer.composer.press('Enter');
  await eventually(async () => expect(await spoken()).toHaveLength(2));
  await writer.composer.fill('');
  await writer.composer.press('Enter');
  expect(await writer.alert.innerText()).toBe('');
});

test('the status is there for assistive technology before it says anything', async () => {
  const person = await stage.inside('Status', 'Listener2');
  const status = person.page.getByRole('status');
  await eventually(async () => expect(await status.allInnerTexts()).toEqual(['']));
});

test('the limit of a message is read out when it comes near, is passed and is kept again, and not at each key', async () => {
  const writer = await stage.inside('Long story', 'Writer1');
  const announced = await listen(writer);
  for (const length of [1, 1799, 1800, 1801, 1990, 1999, 2001, 2000, 1990, 2002, 2003, 2500, 5, 1850]) {
    await writer.composer.fill('x'.repeat(length));
  }
  expect(await announced()).toEqual([
    '200 characters left',
    '1 character too many',
    '0 characters left',
    '2 characters too many',
    '150 characters left',
  ]);
});
