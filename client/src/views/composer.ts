import { countCodePoints } from '../../../src/domain/code-points.js';
import { MESSAGE_MAX } from '../../../src/domain/message-text.js';
import { checkMessage } from '../core/checks.js';
import { lengthText } from '../core/words.js';
import { part, setText } from './dom.js';

export interface ComposerNeeds {
  readonly draft: string;
  readonly keepDraft: (text: string) => void;
  readonly alert: (text: string) => void;
  readonly send: (text: string) => void;
}

/** The key code of a key that an input method has taken, in browsers whose `isComposing` ends too early. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * The message box: Enter sends, Shift+Enter breaks the line, and every letter is kept until it is sent.
 * @returns the box
 */
export const createComposer = (
  el: HTMLElement,
  { draft, keepDraft, alert, send }: ComposerNeeds,
): HTMLElement => {
  const box = part<HTMLTextAreaElement>(el, 'textarea');
  const length = part(el, '.hint');
  box.value = draft;

  const measure = (): void => {
    // Two UTF-16 units a character at most: below that there is nothing to count.
    const near = box.value.length > MESSAGE_MAX / 2;
    setText(length, near ? lengthText(countCodePoints(box.value.trim()), MESSAGE_MAX) : '');
  };
  const submit = (): void => {
    if (box.value.trim() === '') return box.focus();
    const [fault] = checkMessage(box.value);
    alert(fault?.message ?? '');
    box.focus();
    if (fault) return box.setAttribute('aria-invalid', 'true');
    const text = box.value;
    box.value = '';
    keepDraft('');
    measure();
    send(text);
  };

  el.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener('input', () => {
    keepDraft(box.value);
    box.removeAttribute('aria-invalid');
    measure();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) return;
    event.preventDefault();
    submit();
  });
  measure();
  return box;
};
