import { checkGuest, checkLogin, checkNewAccount, type Fault } from '../core/checks.js';
import { byId, type View } from './dom.js';
import { handleForm, valueOf } from './form.js';

export interface WelcomeNeeds {
  readonly alert: (content: string | HTMLElement) => void;
  readonly createAccount: (username: string, password: string) => Promise<Fault | null>;
  readonly logIn: (username: string, password: string) => Promise<Fault | null>;
  readonly continueAsGuest: (username: string) => Promise<Fault | null>;
}

export interface WelcomeView extends View {
  /** Empties what was typed and not sent: the next at this screen may be somebody else. */
  readonly reset: () => void;
}

/** The forms stand in the page itself, hidden until they are shown, so that nobody fills in what nothing handles. */
export const createWelcome = (needs: WelcomeNeeds): WelcomeView => {
  const forms: HTMLFormElement[] = [];
  const wire = (
    id: string,
    check: (username: string, password: string) => readonly Fault[],
    send: (username: string, password: string) => Promise<Fault | null>,
  ): void => {
    const form = byId<HTMLFormElement>(id);
    forms.push(form);
    const typed = (): [string, string] => [valueOf(form, 'username'), valueOf(form, 'password')];
    handleForm(form, { alert: needs.alert, check: () => check(...typed()), send: () => send(...typed()) });
  };
  wire('account', checkNewAccount, needs.createAccount);
  wire('login', checkLogin, needs.logIn);
  wire('guest', checkGuest, needs.continueAsGuest);

  return {
    el: byId('welcome'),
    title: 'Welcome',
    heading: byId('welcome-heading'),
    reset: () => forms.forEach((form) => form.reset()),
  };
};
