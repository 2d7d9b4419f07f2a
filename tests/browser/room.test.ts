import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { Person } from './person.js';
import { useStage } from './stage.js';

const stage = useStage();

/** A poll as the page itself sees it, by its own clock, in milliseconds. */
interface Poll {
  readonly asked: number;
  readonly answered: number;
  entries: number;
}

test('A07 A09 B06 B07 B08 C07 two people talk both ways without a reload, and a third reads the history', async () => {
  const alice = await stage.guest('Alice1');
  const bobby = await stage.guest('Bobby1');
  await alice.createRoom('Talk');
  await alice.join('Talk');
  await bobby.join('Talk');
  await alice.say('Hello Bobby');
  await eventually(async () => expect(await bobby.heard('Hello Bobby')).toEqual(['Hello Bobby']));
  await bobby.say('Hello Alice');
  const said = ['Hello Bobby', 'Hello Alice'];
  await eventually(async () => expect(await alice.heard(...said)).toEqual(said));
  const carol = await stage.inside('Talk', 'Carol1');
  await eventually(async () => expect(await carol.heard(...said)).toEqual(said));
});

test('C06 a message bears its author’s name and its time', async () => {
  const person = await stage.inside('Signatures', 'Signed1');
  await person.say('Who and when?');
  await eventually(async () => expect((await person.messages()).join()).toContain('Signed1'));
  const at = await person.log.locator('time').first().getAttribute('datetime');
  expect(Math.abs(Date.parse(at!) - Date.now())).toBeLessThan(60_000);
});

test('B14 everyone sees the same messages in the same order, new ones at the end', async () => {
  const people: Person[] = [];
  for (const name of ['Order1', 'Order2', 'Order3']) people.push(await stage.inside('One order', name));
  const seenSoFar: string[][] = people.map(() => []);
  const watch = async (): Promise<void> => {
    for (const [at, person] of people.entries()) {
      const now = await person.messages();
      expect(now.slice(0, seenSoFar[at]!.length)).toEqual(seenSoFar[at]);
      seenSoFar[at] = now;
    }
  };
  const watching = (async () => {
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(people.map((person, at) => person.say(`round ${round} by ${at}`)));
      await watch();
    }
  })();
  await watching;
  const texts = async (person: (typeof people)[number]) =>
    person.log
      .getByRole('listitem')
      .filter({ hasText: /round \d by \d/ })
      .evaluateAll((items) => items.map((item) => /round \d by \d/.exec(item.textContent)?.[0]));
  await eventually(async () => {
    const logs = await Promise.all(people.map(texts));
    expect(logs[0]).toHaveLength(12);
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
  });
});

test('B13 B15 polls come a second after the answer before, and bring only what is new', async () => {
  const person = await stage.inside('Clockwork', 'Poller1');
  await person.say('the only one');
  await eventually(async () => expect(await person.heard('the only one')).toHaveLength(1));
  const read = () => person.page.evaluate(() => (window as unknown as { polls: Poll[] }).polls);
  await person.page.addInitScript(() => {
    const polls: Poll[] = [];
    const ask = window.fetch;
    window.fetch = async (...given) => {
      const asked = performance.now();
      const answer = await ask(...given);
      if (!answer.url.includes('/updates')) return answer;
      const poll = { asked, answered: performance.now(), entries: -1 };
      polls.push(poll);
      void answer
        .clone()
        .json()
        .then(({ entries }: { entries: unknown[] }) => (poll.entries = entries.length));
      return answer;
    };
    Object.assign(window, { polls });
  });
  await person.page.reload();
  await person.composer.waitFor();
  await eventually(async () => expect((await read()).length).toBeGreaterThanOrEqual(4));
  const polls = await read();
  for (const { entries } of polls.slice(0, -1)) expect(entries).toBe(0);
  for (let at = 1; at < polls.length; at += 1) {
    const pause = polls[at]!.asked - polls[at - 1]!.answered;
    expect(pause).toBeGreaterThanOrEqual(999);
    expect(pause).toBeLessThan(2500);
  }
});

test('B06 an answer to entering that has more behind it is followed at once, and not only by the next poll', async () => {
  const person = await stage.inside('Long ago', 'Catcher1');
  const said = ['line 1', 'line 2', 'line 3'];
  await person.sayAll(said);
  await eventually(async () => expect(await person.heard(...said)).toEqual(said));
  // With a minute between polls, nothing else brings the rest in time.
  await person.page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as { settings: object };
    const settings = { ...session.settings, pollIntervalMs: 60_000 };
    await route.fulfill({ response, json: { ...session, settings } });
  });
  await person.page.route('**/api/session/room', async (route) => {
    const response = await route.fetch();
    const entered = (await response.json()) as { entries: object[] };
    await route.fulfill({ response, json: { ...entered, entries: entered.entries.slice(0, 1), more: true } });
  });
  await person.page.reload();
  await eventually(async () => expect(await person.heard(...said)).toEqual(said));
});

test('C10 the room shows who is online: who goes offline disappears within seconds, and returns', async () => {
  const stays = await stage.inside('Who is here', 'Stays1');
  const leaves = await stage.inside('Who is here', 'Leaves1');
  await eventually(async () => expect(await stays.online.innerText()).toContain('Leaves1'));
  await leaves.page.close();
  await eventually(async () => expect(await stays.online.innerText()).not.toContain('Leaves1'), 12_000);
  const back = await leaves.anotherTab('/');
  await back.composer.waitFor();
  await eventually(async () => expect(await stays.online.innerText()).toContain('Leaves1'));
});

test('an idle poll changes nothing in the page: no node, no focus, no selection, no scroll', async () => {
  const person = await stage.inside('Quiet', 'Idler1');
  await person.sayAll(Array.from({ length: 30 }, (_, at) => `line ${at}`));
  await eventually(async () => expect(await person.heard('line 29')).toHaveLength(1));
  await person.composer.fill('half a thought');
  await person.composer.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(2, 6));
  await person.log.evaluate((log) => (log.scrollTop = 10));
  const polled = (): Promise<unknown> =>
    person.page.waitForResponse((response) => response.url().includes('/updates') && response.ok());
  await polled();
  await eventually(async () =>
    expect(await person.page.locator('[role=status]').first().textContent()).toBe(''),
  );
  await person.page.evaluate(() => {
    const seen = { mutations: [] as string[] };
    const tell = ({ type, target, attributeName }: MutationRecord): string =>
      `${type} ${attributeName ?? ''} of ${(target as Element).outerHTML ?? target.nodeValue}`.slice(0, 200);
    new MutationObserver((records) => seen.mutations.push(...records.map(tell))).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    Object.assign(window, { seen });
  });
  for (let round = 0; round < 3; round += 1) await polled();
  const after = await person.page.evaluate(() => {
    const box = document.activeElement as HTMLTextAreaElement;
    const log = document.querySelector('[role=log]')!;
    const { seen } = window as unknown as { seen: { mutations: string[] } };
    return { ...seen, value: box.value, from: box.selectionStart, to: box.selectionEnd, top: log.scrollTop };
  });
  expect(after).toEqual({ mutations: [], value: 'half a thought', from: 2, to: 6, top: 10 });
});

test('text is only ever text: markup in a message or a name makes nothing but letters', async () => {
  const person = await stage.guest('Script1');
  await person.createRoom('<b>bold</b>');
  await person.join('<b>bold</b>');
  await person.say('<img src=x onerror="document.title=1"><script>alert(1)</script>');
  await eventually(async () => expect((await person.messages()).join()).toContain('<img src=x'));
  expect(await person.log.locator('img, script, b').count()).toBe(0);
});

test('the time of a message covers no text, whichever way the text runs', async () => {
  const person = await stage.inside('Two ways', 'Righty1', { viewport: { width: 390, height: 844 } });
  for (const text of ['first', 'left to right '.repeat(20), 'من اليمين إلى اليسار '.repeat(20)]) {
    await person.say(text);
  }
  await eventually(async () => expect(await person.messages()).toHaveLength(3));
  const covered = await person.log.locator('li.follows').evaluateAll((rows) =>
    rows.map((row) => {
      const time = row.querySelector('time')!.getBoundingClientRect();
      const text = document.createRange();
      text.selectNodeContents(row.querySelector('.text')!);
      return [...text.getClientRects()].filter(
        ({ left, right, top, bottom }) =>
          left < time.right && right > time.left && top < time.bottom && bottom > time.top,
      ).length;
    }),
  );
  expect(covered).toEqual([0, 0]);
});

test('addresses become links that tell nothing of where they are followed from', async () => {
  const person = await stage.inside('Links', 'Linker1');
  await person.say('see https://example.org/a?b=c. and javascript:alert(1)');
  const link = person.log.getByRole('link');
  await link.first().waitFor();
  expect(await link.count()).toBe(1);
  expect(await link.getAttribute('href')).toBe('https://example.org/a?b=c');
  expect((await link.getAttribute('rel'))!.split(' ').sort()).toEqual([
    'nofollow',
    'noopener',
    'noreferrer',
    'ugc',
  ]);
});

test('Enter sends, Shift+Enter breaks the line', async () => {
  const person = await stage.inside('Typing', 'Typist1');
  await person.composer.pressSequentially('first');
  await person.composer.press('Shift+Enter');
  await person.composer.pressSequentially('second');
  await person.composer.press('Enter');
  await eventually(async () => expect((await person.messages()).join()).toMatch(/first\s+second/));
  expect(await person.composer.inputValue()).toBe('');
});

test('the log is one tab stop: its rows are reached by arrow keys, and only the links of the row in focus by Tab', async () => {
  const person = await stage.inside('Reading list', 'Tabber1');
  for (let at = 1; at <= 4; at += 1) {
    await person.say(`https://example.org/${at}/one and https://example.org/${at}/two`);
  }
  await eventually(async () => expect(await person.messages()).toHaveLength(4));
  const { keyboard } = person.page;
  const focused = (): Promise<string | undefined> =>
    person.page.evaluate(() => {
      const it = document.activeElement!;
      const name = it.getAttribute('href') ?? it.getAttribute('aria-label') ?? it.textContent?.trim();
      return name ?? '';
    });
  const tabTo = async (key: string): Promise<string | undefined> => {
    await keyboard.press(key);
    return focused();
  };
  await person.log.focus();
  expect(await tabTo('Tab')).toBe('Message');
  expect(await tabTo('Shift+Tab')).toBe('Messages');
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  expect(await tabTo('Tab')).toBe('https://example.org/3/one');
  expect(await tabTo('Tab')).toBe('https://example.org/3/two');
  await keyboard.press('ArrowUp');
  expect(await focused()).toContain('https://example.org/2/one');
  await keyboard.press('Tab');
  expect(await tabTo('Tab')).toBe('https://example.org/2/two');
  expect(await tabTo('Tab')).toBe('Message');
  expect(await tabTo('Shift+Tab')).toBe('Messages');
});

test('“/” leads to the message box and “?” to the help, but not whoever is writing or has turned them off', async () => {
  const person = await stage.inside('Shortcuts', 'Keys1');
  const { keyboard } = person.page;
  const help = person.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const isWriting = () => person.composer.evaluate((box) => box === document.activeElement);
  await person.log.focus();
  await keyboard.press('/');
  expect(await isWriting()).toBe(true);
  await keyboard.type('and/or?');
  expect(await person.composer.inputValue()).toBe('and/or?');
  expect(await help.isVisible()).toBe(false);
  await person.log.focus();
  await keyboard.press('?');
  await help.waitFor();
  await help.getByRole('checkbox').uncheck();
  await help.getByRole('button', { name: 'Close' }).click();
  await help.waitFor({ state: 'hidden' });
  await person.log.focus();
  await keyboard.press('?');
  await keyboard.press('/');
  expect(await help.isVisible()).toBe(false);
  expect(await isWriting()).toBe(false);
});
