import { randomUUID } from 'node:crypto';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { ask } from './ask.js';

/** What a person does and sees, by the roles and names that assistive technology finds things by. */
export class Person {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async arriving(context: BrowserContext, path = '/'): Promise<Person> {
    const page = await context.newPage();
    await page.goto(path);
    return new Person(context, page);
  }

  /** Another tab of the same browser. */
  anotherTab(path = '/'): Promise<Person> {
    return Person.arriving(this.context, path);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  form(name: string): Locator {
    return this.page.getByRole('form', { name, exact: true });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name, exact: typeof name === 'string' });
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  get unsent(): Locator {
    return this.page.getByRole('list', { name: 'Unsent messages' });
  }

  get online(): Locator {
    return this.page.getByRole('complementary', { name: /^Online/ });
  }

  async createAccount(username: string, password: string): Promise<void> {
    const form = this.form('Create account');
    await form.getByRole('textbox', { name: 'Username' }).fill(username);
    await form.getByLabel('Password', { exact: true }).fill(password);
    await form.getByRole('button', { name: 'Create account' }).click();
  }

  async logIn(username: string, password: string): Promise<void> {
    const form = this.form('Log in');
    await form.getByRole('textbox', { name: 'Username' }).fill(username);
    await form.getByLabel('Password', { exact: true }).fill(password);
    await form.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async continueAsGuest(name: string): Promise<void> {
    const form = this.form('Continue as guest');
    await form.getByRole('textbox', { name: 'Display name' }).fill(name);
    await form.getByRole('button', { name: 'Continue as guest' }).click();
    await this.heading('Rooms').first().waitFor();
  }

  /** Asks for a room, and does not wait until it is there. */
  async askForRoom(name: string, capacity = ''): Promise<void> {
    const form = this.form('Create room');
    await form.getByRole('textbox', { name: 'Room name' }).fill(name);
    await form.getByRole('spinbutton', { name: 'Capacity' }).pressSequentially(capacity);
    await form.getByRole('button', { name: 'Create room' }).click();
  }

  async createRoom(name: string, capacity?: number): Promise<void> {
    await this.askForRoom(name, capacity?.toString());
    await this.button(`Join ${name}`).waitFor();
  }

  async join(name: string): Promise<void> {
    await this.button(`Join ${name}`).click();
    await this.composer.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.button('Send').click();
  }

  /** Says many things one after the other, without a click for each: for tests of what comes after. */
  async sayAll(texts: readonly string[]): Promise<void> {
    const { room } = await ask<{ room: { id: string } }>(this.context, 'GET', '/api/session');
    for (const text of texts)
      await ask(this.context, 'POST', `/api/rooms/${room.id}/messages`, {
        clientMessageId: randomUUID(),
        text,
      });
  }

  async leave(): Promise<void> {
    await this.button('Leave room').click();
    await this.heading('Rooms').first().waitFor();
  }

  async logOut(): Promise<void> {
    await this.button('Log out').click();
    await this.form('Log in').waitFor();
  }

  /** The messages in the log, in their order, as they are read out. */
  async messages(): Promise<string[]> {
    const items = await this.log
      .getByRole('listitem')
      .filter({ has: this.page.locator('time') })
      .allInnerTexts();
    return items.map((text) => text.replace(/\s+/g, ' ').trim());
  }

  /** Only the texts that were said, in their order; `said` are the ones looked for. */
  async heard(...said: string[]): Promise<string[]> {
    const messages = await this.messages();
    return messages.flatMap((message) => said.filter((text) => message.includes(text)));
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
