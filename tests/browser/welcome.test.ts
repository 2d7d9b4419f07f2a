import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';

const stage = useStage();
const PASSWORD = 'correct horse battery';

test('B01 the first visit offers creating an account, logging in and continuing as a guest', async () => {
  const { page } = await stage.newcomer();
  for (const name of ['Create account', 'Log in', 'Continue as guest']) {
    expect(await page.getByRole('form', { name, exact: true }).isVisible()).toBe(true);
  }
  expect(await page.title()).toMatch(/Parlour/);
});

test('A01 each submit button says what it does', async () => {
  const person = await stage.guest('Ann1');
  await person.createRoom('Labels');
  await person.join('Labels');
  expect(await person.button('Send').isVisible()).toBe(true);
  await person.logOut();
  for (const name of ['Create account', 'Log in', 'Continue as guest']) {
    expect(await person.form(name).getByRole('button', { name, exact: true }).isVisible()).toBe(true);
  }
});

test('A02 the script is a file of its own, linked from the head, and the page has no inline script', async () => {
  const { page } = await stage.newcomer();
  const scripts = await page.evaluate(() =>
    [...document.scripts].map(({ src, text, parentElement }) => ({ src, text, in: parentElement?.tagName })),
  );
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    expect(script).toEqual({ src: expect.stringContaining(stage.address), text: '', in: 'HEAD' });
  }
});

test('A03 logging in never reloads the page', async () => {
  const person = await stage.newcomer();
  await person.page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await person.createAccount('Stay1', PASSWORD);
  await person.heading('Rooms').first().waitFor();
  expect(await person.page.evaluate(() => 'neverReloaded' in window)).toBe(true);
});

test('A04 B12 the username goes to the server in a POST of JSON', async () => {
  const person = await stage.newcomer();
  const posted = person.page.waitForRequest((sent) => sent.method() === 'POST');
  await person.continueAsGuest('Ajaj1');
  const sent = await posted;
  expect(sent.postDataJSON()).toEqual({ username: 'Ajaj1' });
  expect(sent.headers()['content-type']).toMatch(/^application\/json/);
});

test('A05 without its script the page shows no login form and says what is missing', async () => {
  const { page } = await stage.newcomer({ javaScriptEnabled: false });
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  expect(await page.locator('body').innerText()).toMatch(/script/i);
});

test('A05 the login form is hidden until the script has loaded, and then shown', async () => {
  const person = await stage.newcomer();
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await person.page.route('**/*.js', async (route) => {
    await arrived;
    await route.continue();
  });
  await person.page.reload({ waitUntil: 'commit' });
  await eventually(async () => expect(await person.page.locator('body').innerText()).toMatch(/\S/));
  expect(await person.form('Log in').isVisible()).toBe(false);
  arrive();
  await person.form('Log in').waitFor();
});

test('A08 after logging in the forms are hidden and the rooms are shown, then the message form', async () => {
  const person = await stage.newcomer();
  await person.createAccount('Shown1', PASSWORD);
  await person.heading('Rooms').first().waitFor();
  expect(await person.form('Log in').isVisible()).toBe(false);
  await person.createRoom('Showroom');
  await person.join('Showroom');
  expect(await person.form('Send message').isVisible()).toBe(true);
});

test('A14 a name that is logged in is refused with the reason; whoever proves the password may log in here instead', async () => {
  const there = await stage.newcomer();
  await there.createAccount('Twice1', PASSWORD);
  await there.createRoom('Twice room');
  await there.join('Twice room');
  const here = await stage.newcomer();
  await here.logIn('Twice1', PASSWORD);
  await eventually(async () => expect(await here.alert.innerText()).toMatch(/logged in already/));
  await here.button('Log in here instead').click();
  await here.composer.waitFor();
  await there.heading(/logged in|somewhere else|elsewhere/i).waitFor();
  expect(await there.button('Log in again').isVisible()).toBe(true);
});

test('A14 a guest name in use has no such way in', async () => {
  await stage.guest('Guest1');
  const other = await stage.newcomer();
  const form = other.form('Continue as guest');
  await form.getByRole('textbox', { name: 'Display name' }).fill('guest1');
  await form.getByRole('button', { name: 'Continue as guest' }).click();
  await eventually(async () => expect(await other.alert.innerText()).toMatch(/logged in already/));
  expect(await other.button('Log in here instead').count()).toBe(0);
});

test('A15 a failure’s message is shown in an alert region of the page, and no dialog stops the polling', async () => {
  const person = await stage.newcomer();
  let dialogs = 0;
  person.page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await person.logIn('Nobody1', 'not the password');
  await eventually(async () =>
    expect(await person.alert.innerText()).toMatch(/username or the password is wrong/),
  );
  expect(dialogs).toBe(0);
});

test('A16 A17 the client says why a username will not do, and sends nothing', async () => {
  const person = await stage.newcomer();
  const sent: string[] = [];
  person.page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  const form = person.form('Continue as guest');
  for (const [typed, why] of [
    ['abc', /at least 4/],
    ['a'.repeat(21), /at most 20/],
    ['with space', /only the letters/],
  ] as const) {
    await form.getByRole('textbox', { name: 'Display name' }).fill(typed);
    await form.getByRole('button', { name: 'Continue as guest' }).click();
    await eventually(async () => expect(await person.alert.innerText()).toMatch(why));
  }
  expect(sent).toEqual([]);
});

test('a failed submit brings the focus to a summary whose links lead to each input at fault, described in place', async () => {
  const person = await stage.newcomer();
  await person.createAccount('ab', 'short');
  const focused = () => person.page.evaluate(() => document.activeElement?.id ?? '');
  await eventually(async () => expect(await focused()).toBe('alert'));
  const links = person.alert.getByRole('link');
  expect(await links.count()).toBe(2);
  const form = person.form('Create account');
  const username = form.getByRole('textbox', { name: 'Username' });
  for (const [at, input] of [username, form.getByLabel('Password', { exact: true })].entries()) {
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    const described = (await input.getAttribute('aria-describedby'))!.split(' ');
    const texts = await Promise.all(described.map((id) => person.page.locator(`#${id}`).innerText()));
    expect(texts).toContain(await links.nth(at).innerText());
    await links.nth(at).press('Enter');
    expect(await input.evaluate((el) => el === document.activeElement)).toBe(true);
  }
  expect(new URL(person.page.url()).hash).toBe('');
  await username.fill('Mended1');
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Create account' }).press('Enter');
  await person.heading('Rooms').first().waitFor();
  expect(await person.alert.innerText()).toBe('');
});

test('while a form is on its way its button keeps the focus and says so, and a second submit sends nothing', async () => {
  const person = await stage.newcomer();
  let posts = 0;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await person.page.route('**/api/session', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    posts += 1;
    await arrived;
    await route.continue();
  });
  const form = person.form('Continue as guest');
  await form.getByRole('textbox', { name: 'Display name' }).fill('Doubled1');
  const submit = form.getByRole('button', { name: 'Continue as guest' });
  await submit.press('Enter');
  await eventually(async () => expect(await submit.getAttribute('aria-disabled')).toBe('true'));
  expect(
    await submit.evaluate((el: HTMLButtonElement) => el === document.activeElement && !el.disabled),
  ).toBe(true);
  for (let presses = 0; presses < 3; presses += 1) await submit.press('Enter');
  arrive();
  await person.heading('Rooms').first().waitFor();
  expect(posts).toBe(1);
});

test('B02 B03 a duplicate username is refused with a message, and what was typed but the password stays', async () => {
  const first = await stage.newcomer();
  await first.createAccount('Dupe1', PASSWORD);
  await first.heading('Rooms').first().waitFor();
  const second = await stage.newcomer();
  await second.createAccount('dupe1', PASSWORD);
  await eventually(async () => expect(await second.alert.innerText()).toMatch(/taken/));
  const form = second.form('Create account');
  expect(await form.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('dupe1');
  expect(await form.getByLabel('Password', { exact: true }).inputValue()).toBe('');
});

test('B03 what was typed but the password stays after a refusal by the page’s own check, too', async () => {
  const person = await stage.newcomer();
  await person.createAccount('Ann', PASSWORD);
  await eventually(async () => expect(await person.alert.innerText()).toMatch(/at least 4/));
  const form = person.form('Create account');
  expect(await form.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('Ann');
  expect(await form.getByLabel('Password', { exact: true }).inputValue()).toBe('');
});

test('what was typed into a form and not sent is gone when somebody has come in by another', async () => {
  const person = await stage.newcomer();
  const form = person.form('Create account');
  await person.createAccount('Ann', PASSWORD);
  await eventually(async () => expect(await person.alert.innerText()).toMatch(/at least 4/));
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.continueAsGuest('Passing1');
  await person.logOut();
  expect(await form.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('');
  expect(await form.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  expect(await form.getByText(/at least 4/).count()).toBe(0);
});

test('C01 C02 a guest needs a name only, and is still known by it after closing the page', async () => {
  const guest = await stage.newcomer();
  await guest.continueAsGuest('Return1');
  await guest.page.close();
  const back = await guest.anotherTab();
  await back.heading('Rooms').first().waitFor();
  expect(await back.page.locator('body').innerText()).toContain('Return1');
});

test('B19 A11 every page offers logging out, by a form of its own', async () => {
  const person = await stage.guest('Leaver1');
  const isOwnForm = () =>
    person.button('Log out').evaluate((button) => {
      const { form } = button as HTMLButtonElement;
      return form !== null && form.querySelectorAll('input, textarea').length === 0;
    });
  expect(await isOwnForm()).toBe(true);
  await person.createRoom('Way out');
  await person.join('Way out');
  expect(await isOwnForm()).toBe(true);
  const [send, logOut] = await Promise.all([
    person.button('Send').boundingBox(),
    person.button('Log out').boundingBox(),
  ]);
  expect(Math.abs(send!.y + send!.height / 2 - logOut!.y - logOut!.height / 2)).toBeLessThan(80);
  await person.logOut();
});
