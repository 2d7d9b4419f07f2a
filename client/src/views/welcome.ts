import { checkGuest, checkLogin, checkNewAccount, type Fault } from '../core/checks.js';
import { byId, type View } from './dom.js';
import { handleForm, valueOf } from './form.js';

export interface WelcomeNeeds {
  readonly alert: (content: string | HTMLElement) => void;
  readonly createAccount: (username: string, password: string) => Promise<Fault | null>;
  readonly logIn: (username: string, password: string) => Promise<Fault | null>;
  readonly continueAsGuest: (username: string) => Promise<Fault | null>;
}

/** The forms stand in the page itself, hidden until now, so that nobody fills in what nothing handles. */
export const createWelcome = (needs: WelcomeNeeds): (() => View) => {
  const el = byId('welcome');
  const heading = byId('welcome-heading');
  const account = byId<HTMLFormElement>('account');
  const login = byId<HTMLFormElement>('login');
  const guest = byId<HTMLFormElement>('guest');
  const { alert } = needs;

  const withPassword = (
    form: HTMLFormElement,
    check: (username: string, password: string) => readonly Fault[],
    send: (username: string, password: string) => Promise<Fault | null>,
  ): void =>
    handleForm(form, {
      alert,
      check: () => check(valueOf(form, 'username'), valueOf(form, 'password')),
      async send() {
        const fault = await send(valueOf(form, 'username'), valueOf(form, 'password'));
        form.querySelectorAll<HTMLInputElement>('[type=password]').forEach((input) => (input.value = ''));
        if (fault === null) form.reset();
        return fault;
      },
    });

  withPassword(account, checkNewAccount, needs.createAccount);
  withPassword(login, checkLogin, needs.logIn);
  handleForm(guest, {
    alert,
    check: () => checkGuest(valueOf(guest, 'username')),
    async send() {
      const fault = await needs.continueAsGuest(valueOf(guest, 'username'));
      if (fault === null) guest.reset();
      return fault;
    },
  });

  return () => {
    el.hidden = false;
    return {
      el,
      title: 'Welcome',
      heading,
    };
  };
};
