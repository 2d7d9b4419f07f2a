import type { Fault } from '../core/checks.js';
import { h } from './dom.js';

/** @returns the value of the form's input of that name */
export const valueOf = (form: HTMLFormElement, name: string): string => inputOf(form, name)?.value ?? '';

const inputOf = (form: HTMLFormElement, name: string): HTMLInputElement | null => {
  const input = form.elements.namedItem(name);
  return input instanceof HTMLInputElement ? input : null;
};

const forgive = (form: HTMLFormElement): void => {
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    const hint = input.getAttribute('data-hint');
    if (hint) input.setAttribute('aria-describedby', hint);
    else input.removeAttribute('aria-describedby');
  }
  form.querySelectorAll('.error').forEach((error) => error.remove());
};

/** Marks the input at fault, says why beside it, and takes the focus there. */
const blame = (form: HTMLFormElement, { field, message }: Fault): void => {
  const input = inputOf(form, field);
  if (input === null) return;
  const error = h('p', { class: 'error', id: `${input.id}-error` }, message);
  input.closest('.field')?.append(error);
  const hint = input.getAttribute('aria-describedby');
  if (hint) input.setAttribute('data-hint', hint);
  input.setAttribute('aria-describedby', hint ? `${error.id} ${hint}` : error.id);
  input.setAttribute('aria-invalid', 'true');
  input.focus();
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
  const blameAndTell = (fault: Fault): void => {
    blame(form, fault);
    if (fault.message !== '') alert(fault.message);
  };

  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    forgive(form);
    alert('');
    const fault = check();
    if (fault) return blameAndTell(fault);
    busy = true;
    submit?.setAttribute('aria-disabled', 'true');
    void send().then((refused) => {
      busy = false;
      submit?.removeAttribute('aria-disabled');
      if (refused) blameAndTell(refused);
    });
  });
};
