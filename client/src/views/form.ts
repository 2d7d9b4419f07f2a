import type { Fault } from '../core/checks.js';
import { byId, h, part, setText } from './dom.js';

const inputOf = (form: HTMLFormElement, name: string): HTMLInputElement | null =>
  form.querySelector(`[name="${name}"]`);

/** @returns the value of the form's input of that name */
export const valueOf = (form: HTMLFormElement, name: string): string => {
  const input = inputOf(form, name);
  // The value of a number that cannot be read is '', as if nothing had been typed.
  return input?.validity.badInput ? '?' : (input?.value ?? '');
};

/** Marks the input at fault, or takes the mark away. Every input is described by its own line for errors. */
const mark = (input: HTMLInputElement, error: string): void => {
  setText(byId(`${input.id}-error`), error);
  input.ariaInvalid = String(error !== '');
};

export interface FormNeeds {
  readonly alert: (content: string | HTMLElement) => void;
  readonly check: () => readonly Fault[];
  /** @returns what is wrong, its message empty if that was told already; or null when it was done */
  readonly send: () => Promise<Fault | null>;
}

/** Says what is wrong and leads to where it is. The address stays: it is the view's. */
const linkTo = (input: HTMLElement, message: string): HTMLElement => {
  const link = h('a', { href: `#${input.id}` }, message);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    input.focus();
  });
  return link;
};

/**
 * Checks and sends a form without leaving the page, and empties it when it is done. What is wrong stands in the alert, which gets
 * the focus, with a link to each input at fault, and beside that input; what was typed stays, but the password (requirement B03).
 * A second submit while the first is on its way is ignored. The button stays focusable meanwhile, so that the focus is not lost.
 */
export const handleForm = (form: HTMLFormElement, { alert, check, send }: FormNeeds): void => {
  const submit = part(form, 'button');
  let busy = false;

  const blame = (faults: readonly Fault[]): void => {
    form.querySelectorAll<HTMLInputElement>('[type=password]').forEach((input) => (input.value = ''));
    if (!form.isConnected) return;
    const lines = faults.map(({ field = '', message }) => {
      const input = inputOf(form, field);
      if (input) mark(input, message);
      return h('li', {}, input ? linkTo(input, message) : message);
    });
    if (faults[0]?.message) alert(h('ul', { class: 'plain' }, ...lines));
    byId('alert').focus();
  };

  const unmark = (): void => form.querySelectorAll('input').forEach((input) => mark(input, ''));

  form.addEventListener('reset', unmark);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    unmark();
    alert('');
    const faults = check();
    if (faults.length > 0) return blame(faults);
    busy = true;
    submit.ariaDisabled = String(busy);
    void send().then((refused) => {
      busy = false;
      submit.ariaDisabled = String(busy);
      if (refused === null) form.reset();
      else blame([refused]);
    });
  });
};
