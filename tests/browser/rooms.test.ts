import { expect, test } from '@jest/globals';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import { holdBack } from './hold-back.js';
import { useStage } from './stage.js';

const stage = useStage();

/** A request as the page itself sees it, by its own clock, in milliseconds. */
interface Ask {
  readonly path: string;
  readonly asked: number;
  readonly answered: number;
}

test('B04 with no rooms the list says so, and creating one shows it', async () => {
  const person = await stage.guest('First1');
  await person.page.getByText('No rooms yet').first().waitFor();
  await person.createRoom('Kitchen');
  expect(await person.page.getByRole('list', { name: 'Rooms' }).innerText()).toContain('Kitchen');
  await person.button('Delete Kitchen').click();
  await person.page.getByText('No rooms yet').first().waitFor();
});

test('B05 C03 C04 a room that one creates is in everybody’s list, and choosing it shows it', async () => {
  const creator = await stage.guest('Maker1');
  const other = await stage.guest('Other1');
  await creator.createRoom('日本語の部屋');
  await other.button('Join 日本語の部屋').waitFor();
  await other.join('日本語の部屋');
  expect(await other.heading('日本語の部屋').isVisible()).toBe(true);
});

test('a room that one creates is in one’s list at once and in its place, before a poll has brought it', async () => {
  const person = await stage.guest('Maker2');
  for (const name of ['List of a', 'List of c']) await person.createRoom(name);
  const polled = await holdBack(person.page, 'GET', '**/api/rooms');
  await person.page.waitForRequest('**/api/rooms');
  await person.createRoom('list of B');
  const items = person.page.getByRole('list', { name: 'Rooms' }).getByRole('listitem');
  const names = async () => (await items.allInnerTexts()).flatMap((text) => /list of \w/i.exec(text) ?? []);
  expect(await names()).toEqual(['List of a', 'list of B', 'List of c']);
  polled();
});

test('C03 a name that is taken is refused with a message, whatever its case', async () => {
  const person = await stage.guest('Namer1');
  await person.createRoom('Garden');
  const form = person.form('Create room');
  await form.getByRole('textbox', { name: 'Room name' }).fill('  gARDEN ');
  await form.getByRole('button', { name: 'Create room' }).click();
  await eventually(async () => expect(await person.alert.innerText()).toMatch(/a room named/));
  expect(await form.getByRole('textbox', { name: 'Room name' }).inputValue()).toBe('  gARDEN ');
});

test('B16 B09 after leaving a room the list of rooms is shown again', async () => {
  const person = await stage.inside('Hallway', 'Goer1');
  await person.leave();
  await person.button('Join Hallway').waitFor();
});

test('B17 only the creator of a room is offered to delete it', async () => {
  const creator = await stage.guest('Owner1');
  const other = await stage.guest('Other2');
  await creator.createRoom('Attic');
  await other.button('Join Attic').waitFor();
  expect(await other.button('Delete Attic').count()).toBe(0);
  await creator.button('Delete Attic').click();
  await eventually(async () => expect(await other.button('Join Attic').count()).toBe(0));
});

test('a room that its creator deletes by two clicks is deleted once, and nothing is complained of', async () => {
  const creator = await stage.guest('Owner2');
  await creator.createRoom('Cellar');
  let asked = 0;
  await creator.page.route('**/api/rooms/*', async (route) => {
    asked += 1;
    await route.continue();
  });
  await creator.button('Delete Cellar').dblclick();
  await eventually(async () => expect(await creator.button('Join Cellar').count()).toBe(0));
  expect(asked).toBe(1);
  expect(await creator.alert.innerText()).toBe('');
});

test('C09 a room holds its capacity and no more, and says so', async () => {
  const [one, two, three] = await Promise.all(['Cap11', 'Cap22', 'Cap33'].map((name) => stage.guest(name)));
  await one!.createRoom('Bench for two', 2);
  await one!.join('Bench for two');
  await two!.join('Bench for two');
  await three!.button('Join Bench for two').click();
  await eventually(async () => expect(await three!.alert.innerText()).toMatch(/full/));
  await two!.leave();
  await three!.join('Bench for two');
});

test('C11 changing rooms is leaving one and joining another, two clicks', async () => {
  const person = await stage.guest('Mover1');
  await person.createRoom('Room one');
  await person.createRoom('Room two');
  await person.join('Room one');
  await person.leave();
  await person.join('Room two');
  expect(await person.heading('Room two').isVisible()).toBe(true);
});

test('B10 B11 another tab shows the room that the user is in, and follows when it is left', async () => {
  const person = await stage.guest('Tabby1');
  await person.createRoom('Tab room');
  await person.createRoom('Tab elsewhere');
  const tab = await person.anotherTab('/rooms');
  await tab.button('Join Tab elsewhere').waitFor();
  await person.join('Tab room');
  await eventually(async () => {
    const goThere = (await tab.button('Go to Tab room').count()) > 0;
    const isThere = await tab.composer.isVisible();
    expect(goThere || isThere).toBe(true);
  });
  expect(await tab.heading('Tab elsewhere').count()).toBe(0);
  await person.leave();
  await eventually(async () => expect(await tab.button('Join Tab elsewhere').isVisible()).toBe(true));
});

test('“Go to” leads into the room that the user is in now, even when it has the name of one that was deleted', async () => {
  const person = await stage.inside('Same name', 'Twin1');
  const tab = await person.anotherTab('/rooms');
  const { context } = person;
  await tab.button('Go to Same name').waitFor();
  const { rooms } = await ask<{ rooms: { id: string; name: string }[] }>(context, 'GET', '/api/rooms');
  await person.page.close();
  const polled = await holdBack(tab.page, 'GET', '**/api/rooms');
  await tab.page.waitForRequest('**/api/rooms');
  await ask(context, 'DELETE', `/api/rooms/${rooms.find(({ name }) => name === 'Same name')!.id}`);
  await ask(context, 'DELETE', '/api/session/room');
  const { room } = await ask<{ room: { id: string } }>(context, 'POST', '/api/rooms', { name: 'Same name' });
  await ask(context, 'PUT', '/api/session/room', { roomId: room.id });
  const heard = tab.page.waitForResponse(
    async (answer) =>
      answer.url().endsWith('/api/rooms') &&
      answer.status() === 200 &&
      ((await answer.json()) as { current: string }).current === room.id,
  );
  polled();
  await heard;
  await tab.page.waitForRequest('**/api/rooms');
  await tab.button('Go to Same name').click();
  await tab.composer.waitFor();
  expect(tab.page.url()).toContain(room.id);
});

test('B15 a list that says that the user is where it has no room is asked for again no sooner than in a second', async () => {
  const { page } = await stage.guest('Listed1');
  await page.addInitScript(() => {
    const asks: Ask[] = [];
    const ask = window.fetch;
    window.fetch = async (...given) => {
      const asked = performance.now();
      const answer = await ask(...given);
      const { pathname: path } = new URL(answer.url);
      const isFirstList = path === '/api/rooms' && !asks.some((one) => one.path === path);
      asks.push({ path, asked, answered: performance.now() });
      return isFirstList ? Response.json({ success: true, rooms: [], current: 'deleted' }) : answer;
    };
    Object.assign(window, { asks });
  });
  const read = () => page.evaluate(() => (window as unknown as { asks: Ask[] }).asks);
  await page.reload();
  await eventually(async () => expect((await read()).length).toBeGreaterThanOrEqual(4));
  const asks = (await read()).slice(0, 4);
  const [session, rooms] = ['/api/session', '/api/rooms'];
  expect(asks.map(({ path }) => path)).toEqual([session, rooms, session, rooms]);
  expect(asks[3]!.asked - asks[1]!.answered).toBeGreaterThanOrEqual(999);
});

test('B10 B11 the address of another room leads to an alert that names the room the user is in', async () => {
  const person = await stage.guest('Tabby2');
  await person.createRoom('Mine now');
  await person.createRoom('Not mine');
  await person.join('Mine now');
  const tab = await person.anotherTab('/rooms/some-other-room');
  await eventually(async () => expect(await tab.alert.innerText()).toContain('Mine now'));
  await tab.button('Go to Mine now').waitFor();
  await tab.button('Leave Mine now').press('Enter');
  await eventually(async () => expect(await tab.button('Leave Mine now').count()).toBe(0));
  // The focus was on the button, and is not to be lost with it.
  const heading = tab.heading('Rooms').first();
  expect(await heading.evaluate((it) => it === document.activeElement)).toBe(true);
  await eventually(async () => expect(await tab.button('Join Not mine').isVisible()).toBe(true));
  await eventually(async () => expect(await person.button('Join Not mine').isVisible()).toBe(true));
});

test('a capacity that is no number is refused, and not taken for none', async () => {
  const person = await stage.guest('Counter1');
  await person.askForRoom('How many?', '1e');
  await eventually(async () => expect(await person.alert.innerText()).toMatch(/whole number/));
  const capacity = person.page.getByRole('spinbutton', { name: 'Capacity' });
  expect(await capacity.getAttribute('aria-invalid')).toBe('true');
});

test('what the list of rooms is told late stops nobody on the way into a room', async () => {
  const person = await stage.guest('Hasty1');
  for (const name of ['Ahead', 'Behind']) await person.createRoom(name);
  const closed = await holdBack(person.page, 'DELETE', '**/api/rooms/*');
  const opened = await holdBack(person.page, 'POST', '**/api/rooms');
  const entered = await holdBack(person.page, 'PUT', '**/api/session/room');
  await person.button('Delete Behind').click();
  await person.askForRoom('Beside');
  await person.button('Join Ahead').click();
  closed();
  await person.page.getByText('Behind was deleted').waitFor();
  opened();
  await person.page.getByText('Beside is open').waitFor();
  entered();
  await person.composer.waitFor();
});

test('B07 what the list of rooms is told late changes nothing in the room that was joined meanwhile', async () => {
  const person = await stage.guest('Hasty2');
  const other = await stage.guest('Talker1');
  for (const name of ['Going on', 'Hard to close']) await person.createRoom(name);
  await other.join('Going on');
  const refusal = { success: false, code: 'not-now', message: 'It cannot be closed.' };
  const closed = await holdBack(person.page, 'DELETE', '**/api/rooms/*', { status: 409, json: refusal });
  const opened = await holdBack(person.page, 'POST', '**/api/rooms');
  await person.button('Delete Hard to close').click();
  await person.askForRoom('Slow to open');
  await person.join('Going on');
  closed();
  opened();
  await person.page.getByText('Slow to open is open').waitFor();
  await other.say('do you hear me?');
  await eventually(async () => expect(await person.heard('do you hear me?')).toHaveLength(1));
  expect(await person.alert.innerText()).toBe('');
});

test('C08 whoever closes the browser in a room comes back to that room', async () => {
  const person = await stage.inside('Still here', 'Closer1');
  await person.page.close();
  const back = await person.anotherTab('/');
  await back.heading('Still here').waitFor();
  await back.composer.waitFor();
});

test('Back never leaves a room: its view and its address stay, and what is said there is read on', async () => {
  const reader = await stage.guest('Stays1');
  await reader.createRoom('Sticky');
  await reader.join('Sticky');
  const { page } = reader;
  const address = page.url();
  await reader.composer.fill('half a sent');
  await page.goBack();
  await eventually(async () => expect(page.url()).toBe(address));
  expect(await reader.composer.inputValue()).toBe('half a sent');
  const other = await stage.inside('Sticky', 'Stays2');
  await other.say('Are you still there?');
  await eventually(async () => expect(await reader.heard('Are you still there?')).toHaveLength(1));
});
