import { countCodePoints } from '../../../src/domain/code-points.js';
import { MESSAGE_MAX } from '../../../src/domain/message-text.js';
import { checkMessage } from '../core/checks.js';
import { lengthText } from '../core/words.js';
import { part, setText } from './dom.js';

export interface ComposerNeeds {
  readonly draft: string;
  readonly keepDraft: (text: string) => void;
  readonly alert: (text: string) => void;
  /** Reads out, and shows nothing. */
  readonly announce: (text: string) => void;
  readonly send: (text: string) => void;
}

/** The key code of a key that an input method has taken, in browsers whose `isComposing` ends too early. */
const TAKEN_BY_INPUT_METHOD = 229;

export interface Composer {
  readonly box: HTMLElement;
  /** Keeps what was typed here once more: another tab of the room, which has the same draft, may have sent or changed its own. */
  readonly keepTyped: () => void;
}

/** The message box: Enter sends, Shift+Enter breaks the line, and every letter is kept until it is sent. */
export const createComposer = (
  el: HTMLElement,
  { draft, keepDraft, alert, announce, send }: ComposerNeeds,
): Composer => {
  const box = part<HTMLTextAreaElement>(el, 'textarea');
  const length = part(el, '.hint');
  let standing = '';
  let typed = false;

  const changed = (): void => {
    keepDraft(box.value);
    box.ariaInvalid = 'false';
    const text = lengthText(MESSAGE_MAX - countCodePoints(box.value.trim()));
    setText(length, text);
    // Read out when the limit comes near, is passed, or is kept again: not at each key.
    const now = text.replace(/^\d+ characters?/, '');
    if (text && now !== standing) announce(text);
    standing = now;
  };
  const submit = (): void => {
    const text = box.value;
    box.focus();
    // The same once more is read out only where it was gone in between.
    alert('');
    box.ariaInvalid = 'false';
    if (text.trim() === '') return;
    const [fault] = checkMessage(text);
    if (fault) {
      alert(fault.message);
      box.ariaInvalid = 'true';
      return;
    }
    box.value = '';
    changed();
    send(text);
  };

  el.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener('input', () => {
    typed = true;
    changed();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) return;
    event.preventDefault();
    submit();
  });
  box.value = draft;
  changed();
  return {
    box,
    keepTyped() {
      if (typed && box.value !== '') keepDraft(box.value);
    },
  };
};
