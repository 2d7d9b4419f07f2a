import type { Fault } from '../core/checks.js';
import { byId, setText } from './dom.js';

const inputOf = (form: HTMLFormElement, name: string): HTMLInputElement | null => {
  const input = form.elements.namedItem(name);
  return input instanceof HTMLInputElement ? input : null;
};

/** @returns the value of the form's input of that name */
export const valueOf = (form: HTMLFormElement, name: string): string => inputOf(form, name)?.value ?? '';

/** Marks the input at fault, or takes the mark away. Every input is described by its own line for errors. */
const mark = (input: HTMLInputElement, error: string): void => {
  setText(byId(`${input.id}-error`), error);
  if (error === '') input.removeAttribute('aria-invalid');
  else input.setAttribute('aria-invalid', 'true');
};

export interface FormNeeds {
  readonly alert: (text: string) => void;
  readonly check: () => Fault | null;
  /** @returns what is wrong, its message empty if that was told already; or null when it was done */
  readonly send: () => Promise<Fault | null>;
}

/**
 * Checks and sends a form without leaving the page. A second submit while the first is on its way is ignored. The button stays
 * focusable meanwhile, so that the focus is not lost.
 */
export const handleForm = (form: HTMLFormElement, { alert, check, send }: FormNeeds): void => {
  const submit = form.querySelector('button');
  let busy = false;

  const blame = ({ field, message }: Fault): void => {
    const input = inputOf(form, field);
    if (input) {
      mark(input, message);
      input.focus();
    }
    if (message !== '') alert(message);
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    form.querySelectorAll('input').forEach((input) => mark(input, ''));
    alert('');
    const fault = check();
    if (fault) return blame(fault);
    busy = true;
    submit?.setAttribute('aria-disabled', 'true');
    void send().then((refused) => {
      busy = false;
      submit?.removeAttribute('aria-disabled');
      if (refused && form.isConnected) blame(refused);
    });
  });
};
