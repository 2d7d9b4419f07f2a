import { expect, test } from '@jest/globals';
import { createRequests, type Requests } from '../../client/src/app/requests.js';
import type { Answer, Api } from '../../client/src/ports/api.js';
import { tolerant } from '../../client/src/ports/kept.js';
import { createLogins } from '../../client/src/ports/logins.js';
import { fakeStorage } from './fake-storage.js';

const done: Answer<unknown> = { ok: true, status: 200, body: {}, tag: null };
const lost: Answer<unknown> = {
  ok: false,
  status: 0,
  code: 'no-answer',
  message: 'lost',
  details: {},
  retryAfterMs: 0,
};
const { signal } = new AbortController();
const log = { epoch: 'e', cursor: 3, first: 1 };
const message = { id: 'm1', text: 'hello', writtenAt: 1, failures: 0, notBefore: 0 };

/** The tabs of one browser: what they keep is shared, and the server answers as told. */
const createBrowser = () => {
  const storage = fakeStorage();
  let marks = 0;
  const openTab = (answer: () => Answer<unknown> | Promise<Answer<unknown>> = () => done) => {
    const asked: string[] = [];
    const api = (async (method: string, path: string) => {
      asked.push(`${method} ${path.split('?')[0]}`);
      return answer();
    }) as Api;
    const logins = createLogins(
      tolerant(() => storage),
      () => String((marks += 1)),
    );
    return { ...createRequests(api, logins), asked };
  };
  /** A tab that shows what the server said of its user. */
  const openTabOf = async (answer?: () => Answer<unknown>) => {
    const tab = openTab(answer);
    await tab.session();
    tab.believe();
    tab.asked.length = 0;
    return tab;
  };
  return { openTab, openTabOf };
};

type Acts = Record<string, (tab: Requests) => Promise<Answer<unknown>>>;

/** What the server does in the name of whoever is logged in. */
const actions: Acts = {
  rooms: (tab) => tab.rooms(null, signal),
  createRoom: (tab) => tab.createRoom('Kitchen', undefined),
  deleteRoom: (tab) => tab.deleteRoom('r1'),
  enter: (tab) => tab.enter('r1', signal),
  leave: (tab) => tab.leave(signal),
  updates: (tab) => tab.updates('r1', log, null, false, 0, signal),
  post: (tab) => tab.post('r1', message, log),
  whereabouts: (tab) => tab.whereabouts(signal),
  logOut: (tab) => tab.logOut(signal),
};

const logIns: Acts = {
  logIn: (tab) => tab.logIn('bobby', 'secret secret', false),
  createAccount: (tab) => tab.createAccount('bobby', 'secret secret'),
  continueAsGuest: (tab) => tab.continueAsGuest('bobby'),
};

test('Whatever is asked is asked in somebody’s name, logs them in, or asks who they are', () => {
  const { asked: _asked, ...requests } = createBrowser().openTab();
  const others = ['session', 'believe', 'isOver'];
  expect(Object.keys(requests).sort()).toEqual(
    [...Object.keys(actions), ...Object.keys(logIns), ...others].sort(),
  );
});

test.each(Object.keys(actions))('“%s” is asked for whom the page shows', async (name) => {
  const tab = await createBrowser().openTabOf();
  expect(await actions[name]!(tab)).toMatchObject({ ok: true });
  expect(tab.asked).toHaveLength(1);
});

test.each(Object.keys(logIns))(
  '“%s” in another tab: nothing is asked any more that would be done in their name, even before they are answered',
  async (name) => {
    const browser = createBrowser();
    const tab = await browser.openTabOf();
    void logIns[name]!(browser.openTab(() => new Promise(() => {})));
    expect(tab.isOver()).toBe(true);
    for (const act of Object.values(actions)) {
      expect(await act(tab)).toMatchObject({ ok: false, status: 401, code: 'session-ended' });
    }
    expect(tab.asked).toEqual([]);
  },
);

test('Once its user has logged out in another tab nothing is asked any more; before the server has said so, all is', async () => {
  const browser = createBrowser();
  const tab = await browser.openTabOf();
  const answers = [done, lost, done];
  const other = await browser.openTabOf(() => answers.shift()!);
  await other.logOut(signal);
  expect(tab.isOver()).toBe(false);
  await other.logOut(signal);
  expect(tab.isOver()).toBe(true);
});

test('A tab acts again once it has asked the server who is logged in, and shows that', async () => {
  const browser = createBrowser();
  const tab = await browser.openTabOf();
  await browser.openTab().continueAsGuest('bobby');
  await tab.session();
  expect(tab.isOver()).toBe(true);
  tab.believe();
  expect(tab.isOver()).toBe(false);
  expect(await tab.post('r1', message, log)).toMatchObject({ ok: true });
});

test('Who was logged in when the server was asked is not who is, when somebody logs in before its answer has come', async () => {
  const browser = createBrowser();
  let answer = (_: Answer<unknown>): void => {};
  const tab = browser.openTab(() => new Promise((resolve) => (answer = resolve)));
  const asked = tab.session();
  await browser.openTab().logIn('bobby', 'secret secret', false);
  answer(done);
  await asked;
  tab.believe();
  expect(tab.isOver()).toBe(true);
});

test('Of two logins that overlap, the tab that was answered first acts no more once the other is answered', async () => {
  const browser = createBrowser();
  const first = browser.openTab();
  let answer = (_: Answer<unknown>): void => {};
  const second = browser.openTab(() => new Promise((resolve) => (answer = resolve)));
  await first.continueAsGuest('alice');
  const later = second.continueAsGuest('bobby');
  await first.session();
  first.believe();
  expect(first.isOver()).toBe(false);
  answer(done);
  await later;
  expect(first.isOver()).toBe(true);
});
