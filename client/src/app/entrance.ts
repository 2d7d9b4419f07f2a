import type { Fault } from '../core/checks.js';
import type { Answer } from '../ports/api.js';
import { createWelcome } from '../views/welcome.js';
import type { House, Visit } from './visit.js';

/** The way in: three forms, and logging in here instead of there. */
export const createEntrance = ({ requests, shell, tabs }: House, settle: () => void) => {
  const come = (answer: Answer<unknown>): Fault | null => {
    if (!answer.ok) return answer;
    tabs.hint();
    settle();
    return null;
  };

  const insteadOf = (username: string, password: string) => {
    let asked = false;
    return async (): Promise<void> => {
      if (asked) return;
      asked = true;
      const fault = come(await requests.logIn(username, password, true));
      if (fault) shell.alert(fault.message);
    };
  };

  const view = createWelcome({
    alert: shell.alert,
    createAccount: async (username, password) => come(await requests.createAccount(username, password)),
    continueAsGuest: async (username) => come(await requests.continueAsGuest(username)),
    async logIn(username, password) {
      const answer = await requests.logIn(username, password, false);
      if (answer.ok || answer.code !== 'already-logged-in') return come(answer);
      const run = insteadOf(username, password);
      shell.alert(answer.message, [{ name: 'Log in here instead', run: () => void run() }]);
      return { message: '' };
    },
  });

  return (notice: string): Visit => {
    shell.show(view, null);
    shell.alert(notice);
    return { view: 'welcome', nudge: settle, end: view.reset };
  };
};
